using System.Globalization;
using Feeds.Simulator.Faults;
using Feeds.Simulator.Server;

namespace Feeds.Tests.Engine.Faults;

/// <summary>
/// What goes wrong in one run: drawn from a seed, and nothing else. Times count from the moment at which all is well.
/// </summary>
internal sealed class FaultDraw
{
    private static readonly string[] Pool = ["ETHUSDT", "SOLUSDT", "DOGEUSDT", "YFIUSDT", "LUMIAUSDT", "币安人生USDT"];
    private static readonly string[] SymbolStreams = ["aggTrade", "depth20", "markPrice", "kline"];

    private readonly Random _random;
    private readonly List<Fault> _faults = [];
    private readonly HashSet<string> _touched = [];

    private FaultDraw(int seed)
    {
        Seed = seed;
        _random = new Random(seed);
        Symbols = ["BTCUSDT", .. _random.GetItems(Pool, 2).Distinct()];
        MaxStreams = new[] { 2, 3, 5, 200 }[_random.Next(4)];
        ClockOffset = TimeSpan.FromMilliseconds(
            _random.Next(3) == 0 ? _random.Next(-3_000, 3_000) : _random.Next(-50, 50));
        int count = 3 + _random.Next(6);
        while (_faults.Count < count)
        {
            Draw();
        }

        if (_random.Next(6) == 0)
        {
            Halted = Symbols[^1];
            HaltedFrom = 5 + _random.Next(20);
            HaltedFor = 15 + _random.Next(30);
        }

        IsCertified = _random.Next(3) == 0;
        if (IsCertified)
        {
            if (_random.Next(2) == 0)
            {
                Add(new Fault { Kind = FaultKind.StaleSnapshot, Delay = Seconds(1, 40), Duration = Seconds(5, 40) });
            }

            for (int i = 0; i < _faults.Count; i++)
            {
                _faults[i] = _faults[i].Stream == "depth20" ? _faults[i] with { Stream = "depth@100ms" } : _faults[i];
            }
        }

        Faults = [.. _faults.OrderBy(static fault => fault.At)];
    }

    public int Seed { get; }

    public string[] Symbols { get; }

    /// <summary>Streams on one connection.</summary>
    public int MaxStreams { get; }

    /// <summary>How far the venue's clock is ahead of ours.</summary>
    public TimeSpan ClockOffset { get; }

    public IReadOnlyList<Fault> Faults { get; }

    /// <summary>True when books are kept from their changes.</summary>
    public bool IsCertified { get; }

    /// <summary>A symbol that the venue halts for a while; null for none.</summary>
    public string? Halted { get; }

    public double HaltedFrom { get; }

    public double HaltedFor { get; }

    /// <summary>True when the address is blocked: the node then tries every ten minutes.</summary>
    public bool IsBlocked => _faults.Exists(static fault => fault.Kind is FaultKind.Forbidden or FaultKind.GeoBlock);

    public static FaultDraw Of(int seed) => new(seed);

    /// <summary>One line for each fault.</summary>
    public string Describe() => string.Join('\n', Faults.Select(static fault => string.Create(
            CultureInfo.InvariantCulture,
            $"  {fault.At.TotalSeconds,5:0.0} s {fault.Kind} for {fault.Duration?.TotalSeconds:0.0} s "
            + $"{fault.Symbol} {fault.Stream} "
            + $"{fault.Route} {fault.Endpoint} share {fault.Share:0.00} within {fault.Within} delay "
            + $"{fault.Delay.TotalSeconds:0.0} s"))
        .Prepend(
            $"  {string.Join(' ', Symbols)}, {MaxStreams} streams a connection, "
            + $"{(IsCertified ? "certified" : "partial")} books, clock ahead {ClockOffset.TotalMilliseconds} ms, "
            + $"halted {Halted} at {HaltedFrom} s for {HaltedFor} s"));

    private void Draw()
    {
        switch (_random.Next(19))
        {
            case 0 or 1:
                Connections(_random.Next(2) == 0 ? FaultKind.Reset : FaultKind.Close, 0);
                break;
            case 2:
                // All at once, and none is let in for a while.
                Add(new Fault { Kind = FaultKind.Reset });
                _faults.Add(_faults[^1] with { Kind = FaultKind.RefuseConnections, Duration = Seconds(3, 20) });
                break;
            case 3:
                Connections(FaultKind.HalfOpen, 40);
                break;
            case 4:
                Connections(FaultKind.Drip, 20, TimeSpan.FromMilliseconds(_random.Next(1, 20)));
                break;
            case 5 or 6:
                Messages(FaultKind.Mute, 45, 1);
                break;
            case 7 or 8:
                Messages(FaultKind.Lose, 20, 0.05 + (_random.NextDouble() * 0.6));
                break;
            case 9:
                Messages(FaultKind.Duplicate, 30, 0.01 + (_random.NextDouble() * 0.5));
                break;
            case 10:
                Messages(FaultKind.Reorder, 20, 1);
                break;
            case 11:
                Messages(FaultKind.Garble, 20, 0.05 + (_random.NextDouble() * 0.5));
                break;
            case 12:
                Messages(FaultKind.Delay, 15, 1);
                break;
            case 13:
                Messages(FaultKind.HugeFrame, 2, 0.05);
                break;
            case 14:
                Requests(FaultKind.TooManyRequests, 12, _random.Next(3) == 0 ? 0 : _random.Next(2, 30));
                break;
            case 15:
                Add(new Fault { Kind = FaultKind.Ban, Duration = Seconds(20, 70) });
                break;
            case 16:
                Requests(FaultKind.ServerError, 40, 0);
                break;
            case 17:
                Requests(
                    new[] { FaultKind.TruncatedAnswer, FaultKind.HtmlAnswer, FaultKind.BombAnswer }[_random.Next(3)],
                    30, 0);
                break;
            default:
                if (_random.Next(8) == 0)
                {
                    Add(new Fault
                    {
                        Kind = _random.Next(2) == 0
                        ? FaultKind.Forbidden : FaultKind.GeoBlock,
                        Duration = Seconds(5, 30)
                    });
                }
                else
                {
                    Requests(FaultKind.SlowAnswer, 20, _random.Next(1, 14));
                }

                break;
        }
    }

    private void Connections(FaultKind kind, int longest, TimeSpan delay = default) => Add(new Fault
    {
        Kind = kind,
        Duration = longest == 0 ? TimeSpan.Zero : Seconds(5, longest),
        Route = _random.Next(3) switch { 0 => StreamRoute.Public, 1 => StreamRoute.Market, _ => null },
        Delay = delay,
    });

    // One fault for each stream at most, so that it is clear what was to be found, and what excuses what.
    private void Messages(FaultKind kind, int longest, double share)
    {
        string symbol = Symbols[_random.Next(Symbols.Length)];
        string stream = SymbolStreams[_random.Next(SymbolStreams.Length)];
        if (_touched.Add($"{symbol}@{stream}"))
        {
            Add(new Fault
            {
                Kind = kind,
                Symbol = symbol,
                Stream = stream,
                Share = share,
                Within = 2 + _random.Next(8),
                Delay = kind == FaultKind.Delay ? Seconds(0.2, 4) : TimeSpan.Zero,
                Bytes = 9_000_000,
                PerConnection = _random.Next(2) == 0,
                Duration = kind == FaultKind.HugeFrame ? TimeSpan.FromSeconds(2) : Seconds(3, longest),
            });
        }
    }

    private void Requests(FaultKind kind, int longest, int delaySeconds) => Add(new Fault
    {
        Kind = kind,
        Endpoint = _random.Next(3) switch { 0 => "/fapi/v1/aggTrades", 1 => "/fapi/v1/klines", _ => null },
        Share = kind == FaultKind.TooManyRequests ? 1 : 0.2 + (_random.NextDouble() * 0.8),
        Delay = TimeSpan.FromSeconds(delaySeconds),
        Duration = Seconds(3, longest),
        Bytes = 50_000_000,
    });

    private void Add(Fault fault) => _faults.Add(fault with { At = Seconds(0, 45) });

    private TimeSpan Seconds(double from, double to) =>
        TimeSpan.FromMilliseconds(Math.Round(1000 * (from + (_random.NextDouble() * (to - from)))));
}
