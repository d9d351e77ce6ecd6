using Feeds.Core;
using Feeds.Simulator.Faults;
using Feeds.Simulator.Markets;

namespace Feeds.Simulator;

/// <summary>
/// How a venue twin is set up. The defaults are the real venue's rules and a generated market of the default symbols.
/// </summary>
public sealed record VenueTwinOptions
{
    /// <summary>
    /// Seed of the generated market and of faults; the same seed is the same market at the same times.
    /// </summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// Symbols of the generated market; null for the default ones. Unknown names get made-up properties.
    /// </summary>
    public IReadOnlyList<string>? Symbols { get; init; }

    /// <summary>Symbols with all their properties; overrides <see cref="Symbols"/>.</summary>
    public IReadOnlyList<SymbolSpec>? Specs { get; init; }

    /// <summary>
    /// Recorded files to replay; when there are any, nothing is generated unless symbols are named too.
    /// </summary>
    public IReadOnlyList<string> Replay { get; init; } = [];

    /// <summary>
    /// How far into the recordings the replay begins; what lies before is the past that REST knows. Not negative.
    /// </summary>
    public TimeSpan ReplaySkip { get; init; }

    /// <summary>True to stop listening once all replayed markets are over; false to go on in silence.</summary>
    public bool StopWhenOver { get; init; }

    /// <summary>Port on the loopback address; 0 picks a free one. Range 0 to 65535.</summary>
    public int Port { get; init; }

    /// <summary>Seconds of market time per second of the clock; above 0, 1 is real time.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Where the market begins; null for the clock's present. Ignored by replayed markets.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>How much the venue's clock is ahead of ours.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>
    /// How often the market moves; from 10 ms to 100 ms. Messages of one symbol come every 100 ms in any case.
    /// </summary>
    public TimeSpan PumpInterval { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Age at which a stream connection is cut.</summary>
    public TimeSpan MaxConnectionAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Time between two pings of the server.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Time without a pong after which a connection is closed.</summary>
    public TimeSpan PongTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Messages, pings and pongs included, that a client may send per second on a connection.</summary>
    public int MaxClientMessagesPerSecond { get; init; } = 10;

    /// <summary>Streams that a connection may carry.</summary>
    public int MaxStreams { get; init; } = 1024;

    /// <summary>New stream connections within five minutes.</summary>
    public int MaxConnectionsPerFiveMinutes { get; init; } = 300;

    /// <summary>Frames that may wait for a slow client before it is cut off.</summary>
    public int MaxQueuedMessages { get; init; } = 200_000;

    /// <summary>Request weight per minute.</summary>
    public int RequestWeightLimit { get; init; } = 2400;

    /// <summary>Requests per five minutes to the funding endpoints.</summary>
    public int FundingRequestLimit { get; init; } = 500;

    /// <summary>Requests per five minutes to the statistics endpoints under <c>/futures/data</c>.</summary>
    public int StatisticsRequestLimit { get; init; } = 1000;

    /// <summary>Requests that are answered 429 in a row before the address is banned (418).</summary>
    public int RefusalsBeforeBan { get; init; } = 10;

    /// <summary>Length of the first ban; each further one is twice as long, up to three days.</summary>
    public TimeSpan FirstBan { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long after its stamp a row of open interest or ratios is served.</summary>
    public TimeSpan StatisticsDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>One message in so many carries a field that nobody knows; 0 for none.</summary>
    public int UnknownFieldEvery { get; init; } = 500;

    /// <summary>
    /// True to mix COIN-M rows (<c>st</c> 2) into the streams of all symbols, as the venue does since 2026.
    /// </summary>
    public bool WithCoinMargined { get; init; } = true;

    /// <summary>File that the ledger is written to; null for none. An existing one is replaced.</summary>
    public string? LedgerPath { get; init; }

    /// <summary>True to keep the ledger in memory too, for tests; about 50 bytes a message.</summary>
    public bool KeepLedger { get; init; }

    /// <summary>What is to go wrong, timed from the start.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    internal IReadOnlyList<SymbolSpec> AllSpecs => Specs
        ?? (Symbols is null ? (Replay.Count > 0 ? [] : SymbolSpecs.Default) : [.. Symbols.Select(SymbolSpecs.For)]);

    internal void Validate()
    {
        Range(Port is >= 0 and <= 65535, "port", Port, "must be 0 (a free one) to 65535");
        Range(Speed is > 0 and <= 1000, "speed", Speed, "must be above 0 and at most 1000");
        Range(PumpInterval.TotalMilliseconds is >= 10 and <= 100, "pump interval", PumpInterval,
            "must be 10 ms to 100 ms");
    }

    private static void Range(bool isRight, string key, object value, string allowed)
    {
        if (!isRight)
        {
            throw new FeedsException(FormattableString.Invariant($"{key} = {value}: {allowed}"));
        }
    }
}
