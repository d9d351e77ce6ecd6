using Feeds.Core.Books;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Xunit;

namespace Feeds.Tests.Core.Symbols;

/// <summary>
/// The 12-column row computed the slow and obvious way: it keeps every event that was applied, and works out each
/// column of a row from the whole list by its definition, with the framework's own mathematics. It shares no code with
/// the fold.
/// </summary>
public sealed class ReferenceRow
{
    private readonly Symbol _symbol;
    private readonly List<Seen> _events = [];

    public ReferenceRow(Symbol symbol) => _symbol = symbol;

    /// <summary>Keeps an event that the fold was given; call in the order of application. Books are copied.</summary>
    public void Add(in MarketEvent e)
    {
        bool book = e.Kind is EventKind.Book or EventKind.Quote;
        _events.Add(new Seen(
            e, _events.Count, book ? e.Levels.Bids.ToArray() : [], book ? e.Levels.Asks.ToArray() : []));
    }

    /// <summary>Returns the row of the tick that was added last.</summary>
    public FeedRow Row()
    {
        Seen tick = _events[^1];
        Assert.Equal(EventKind.Tick, tick.Event.Kind);
        long t = tick.Event.EventTime;
        SymbolSettings settings = _events.LastOrDefault(s => s.Event.Kind == EventKind.Settings)?.Event.Settings
            ?? SymbolSettings.Default;
        int previousTick = LastBefore(_events.Count - 1, EventKind.Tick);
        SortedSet<string> errors = ErrorsSince(previousTick + 1);
        double Fresh(Feed feed, Seen? newest, long limitMs, Func<Seen, double> value)
        {
            if (!settings.Provides(feed))
            {
                return double.NaN;
            }

            if (newest is not null && t - newest.Event.ReceiveTime <= limitMs)
            {
                return value(newest);
            }

            errors.Add($"{feed.Name()}:{(newest is null ? "missing" : "stale")}");
            return double.NaN;
        }

        double basis = Fresh(Feed.Mark, Last(EventKind.Mark), 10_000, Basis);
        if (double.IsNaN(basis) && settings.Provides(Feed.Premium) && Last(EventKind.Premium) is { } premium
            && t - premium.Event.ReceiveTime <= Math.Max(10_000, settings.IntervalMs))
        {
            basis = Basis(premium);
        }

        double obi = Fresh(Feed.Depth, Last(EventKind.Book), 5_000, _ => SmoothedImbalance());
        double oi = Fresh(
            Feed.OpenInterest,
            LastOpenInterest(0),
            Math.Max(60_000, 3 * settings.IntervalMs),
            s => (double)s.Event.OpenInterest.OpenInterest);
        double oiPct = Fresh(Feed.OpenInterestHistory, LastOpenInterest(300_000), 900_000, _ => OpenInterestPct());
        Seen? settlement = Last(EventKind.Funding);
        if (settings.Provides(Feed.Funding) && settlement is null)
        {
            errors.Add("funding:missing");
        }

        double funding = settings.Provides(Feed.Funding) && settlement is not null
            ? (double)settlement.Event.Funding.FundingRate : double.NaN;
        bool liquidationsSeen = _events.Exists(s => s.Event.Kind == EventKind.Liquidation
            || (s.Event.Kind == EventKind.FeedConnected && s.Event.Feed == Feed.Liquidations));
        bool showLiquidations = settings.Provides(Feed.Liquidations) && liquidationsSeen;
        double longs = showLiquidations ? Liquidated(t, Side.Sell) : double.NaN;
        double shorts = showLiquidations ? Liquidated(t, Side.Buy) : double.NaN;
        if (settings.Provides(Feed.Liquidations) && !liquidationsSeen)
        {
            errors.Add("liq:missing");
        }

        if (Math.Abs(OffsetBefore(_events.Count)) > 500)
        {
            errors.Add("clock:skew");
        }

        return new FeedRow(
            t, _symbol, oi, oiPct, funding, basis, longs, shorts, (shorts - longs) / (shorts + longs), obi,
            Latency(previousTick + 1), string.Join(';', errors));
    }

    /// <summary>
    /// Fails with the column's name where two rows differ by more than 1e-9 relative; texts and times must be equal.
    /// </summary>
    public static void AssertEqual(FeedRow expected, FeedRow actual)
    {
        Assert.Equal(
            (expected.TickTime, expected.Symbol, expected.SourceErrors),
            (actual.TickTime, actual.Symbol, actual.SourceErrors));
        Close("oi", expected.OpenInterest, actual.OpenInterest);
        Close("oi_pct", expected.OpenInterestPct, actual.OpenInterestPct, 1e-12);
        Close("funding", expected.FundingRate, actual.FundingRate);
        Close("basis", expected.Basis, actual.Basis, 1e-15);
        Close("liq_long_usd", expected.LiqLongUsd, actual.LiqLongUsd);
        Close("liq_short_usd", expected.LiqShortUsd, actual.LiqShortUsd);
        Close("liq_ratio", expected.LiqRatio, actual.LiqRatio, 1e-12);
        Close("obi_top", expected.ObiTop, actual.ObiTop);
        Close("latency_ms", expected.LatencyMs, actual.LatencyMs, 1e-9);
    }

    private static void Close(string column, double expected, double actual, double absolute = 0)
    {
        bool equal = double.IsNaN(expected)
            ? double.IsNaN(actual)
            : Math.Abs(expected - actual) <= Math.Max(absolute, 1e-9 * Math.Abs(expected));
        Assert.True(equal, $"{column}: expected {expected:R}, was {actual:R}");
    }

    private static double Basis(Seen s) => (s.Event.MarkPrice - s.Event.IndexPrice) / s.Event.IndexPrice;

    private Seen? Last(EventKind kind) => _events.FindLast(s => s.Event.Kind == kind);

    private Seen? LastOpenInterest(int periodMs) => _events.FindLast(
        s => s.Event.Kind == EventKind.OpenInterest && s.Event.OpenInterest.PeriodMs == periodMs);

    // The two newest records, when they are five minutes apart.
    private double OpenInterestPct()
    {
        Seen[] records = [.. _events
            .Where(s => s.Event.Kind == EventKind.OpenInterest && s.Event.OpenInterest.PeriodMs == 300_000)
            .TakeLast(2)];
        return records.Length == 2 && records[1].Event.EventTime - records[0].Event.EventTime == 300_000
            && records.All(s => s.Event.OpenInterest.OpenInterest > 0)
            ? 100 * (Math.Log((double)records[1].Event.OpenInterest.OpenInterest) - Math.Log(
                (double)records[0].Event.OpenInterest.OpenInterest))
            : double.NaN;
    }

    // EMA(5): 1/3 of the new, 2/3 of the old; the first seeds it. Levels in the settings that held at each book.
    private double SmoothedImbalance()
    {
        double ema = double.NaN;
        int depth = SymbolSettings.Default.DepthLevels;
        foreach (Seen s in _events)
        {
            if (s.Event.Kind == EventKind.Settings)
            {
                depth = s.Event.Settings.DepthLevels;
            }
            else if (s.Event.Kind == EventKind.Book)
            {
                double bids = s.Bids.OrderByDescending(l => l.Price).Take(depth).Sum(l => l.Quantity);
                double asks = s.Asks.OrderBy(l => l.Price).Take(depth).Sum(l => l.Quantity);
                double x = bids / (bids + asks);
                ema = double.IsNaN(x) ? ema : double.IsNaN(ema) ? x : (x / 3) + (2 * ema / 3);
            }
        }

        return ema;
    }

    private double Liquidated(long t, Side side) => _events
        .Where(s => s.Event.Kind == EventKind.Liquidation && s.Event.Side == side
            && s.Event.EventTime > t - 300_000 && s.Event.EventTime <= t
            && Math.Abs(s.Event.ReceiveTime + OffsetBefore(s.Index) - s.Event.EventTime) <= 60_000)
        .Sum(s => s.Event.Price * s.Event.Quantity);

    private double Latency(int from)
    {
        double[] latencies = [.. _events.Skip(from)
            .Where(s => s.Event.IsFromStream)
            .Select(s => s.Event.ReceiveTime + OffsetBefore(s.Index) - s.Event.EventTime)];
        return latencies.Length == 0 ? double.NaN : latencies.Average();
    }

    private double OffsetBefore(int index)
    {
        int at = LastBefore(index, EventKind.ClockOffset);
        return at < 0 ? 0 : _events[at].Event.ClockOffsetMs;
    }

    private int LastBefore(int index, EventKind kind)
    {
        do
        {
            index--;
        }
        while (index >= 0 && _events[index].Event.Kind != kind);
        return index;
    }

    private SortedSet<string> ErrorsSince(int from)
    {
        SortedSet<string> errors = new(StringComparer.Ordinal);
        Dictionary<Feed, string> down = [];
        HashSet<long> tradeIds = [];
        for (int i = 0; i < _events.Count; i++)
        {
            MarketEvent e = _events[i].Event;
            string? error = null;
            switch (e.Kind)
            {
                case EventKind.TickSkipped:
                    error = "lag:skipped";
                    break;
                case EventKind.Recovered:
                    error = "node:restarted";
                    break;
                case EventKind.Gap when e.Gap is { Feed: Feed.Bars, Reason: Gap.Fetched }:
                    break;
                case EventKind.Gap:
                    error = $"{e.Gap.Feed.Name()}:gap";
                    break;
                case EventKind.SourceError:
                    error = $"{e.Feed.Name()}:{e.Reason}";
                    break;
                case EventKind.FeedDisconnected:
                    down[e.Feed] = e.Reason;
                    error = $"{e.Feed.Name()}:{e.Reason}";
                    break;
                case EventKind.FeedConnected:
                    down.Remove(e.Feed);
                    break;
                case EventKind.Trade:
                    if ((tradeIds.Count > 0 && e.TradeId < tradeIds.Min()) || !tradeIds.Add(e.TradeId))
                    {
                        // Ids rise with time: a known id, or one before the first, that was not refused is a new
                        // numbering.
                        tradeIds = [e.TradeId];
                    }
                    else if (tradeIds.Count > 1 && !tradeIds.Contains(e.TradeId - 1) && e.TradeId == tradeIds.Max())
                    {
                        error = "trades:gap";
                    }

                    break;
                default:
                    break;
            }

            if (error is not null && i >= from)
            {
                errors.Add(error);
            }
        }

        foreach ((Feed feed, string reason) in down)
        {
            errors.Add($"{feed.Name()}:{reason}");
        }

        return errors;
    }

    private sealed record Seen(MarketEvent Event, int Index, PriceLevel[] Bids, PriceLevel[] Asks);
}
