using Feeds.Actors.Tree;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Engine.Symbols;

namespace Feeds.Engine.Health;

/// <summary>Judges how symbols and the node stand, from what their actors let others read.</summary>
internal sealed class StatusBoard(NodeOptions options, SymbolSettings settings, Universe universe)
{
    // Feeds that a row needs; the others (trades, bars, quotes, ratios) may be silent on a quiet symbol.
    private static readonly Feed[] Required =
        [Feed.Depth, Feed.Mark, Feed.Liquidations, Feed.OpenInterest, Feed.OpenInterestHistory, Feed.Funding];

    private static readonly Feed[] Shown =
        [Feed.Depth, Feed.Trades, Feed.Mark, Feed.Bars, Feed.Liquidations, Feed.OpenInterest, Feed.OpenInterestHistory,
            Feed.Funding];

    /// <summary>Returns the symbol's status at <paramref name="now"/>.</summary>
    public SymbolStatus Of(SymbolEntry entry, ActorNode? actor, long now)
    {
        SymbolGauges gauges = entry.Gauges;
        return new SymbolStatus(
            entry.Symbol,
            HealthOf(entry, actor),
            gauges.LastRow,
            [.. Shown.Select(feed => Of(feed, gauges, now))],
            gauges.Sequence,
            gauges.Duplicates,
            gauges.Conflated,
            gauges.Rejected,
            (int)(actor?.Restarts ?? 0));
    }

    /// <summary>Returns why a symbol makes the node degraded; null when it does not.</summary>
    public static string? ReasonOf(SymbolStatus status)
    {
        if (status.Health is SymbolHealth.Parked or SymbolHealth.Stopped)
        {
            return $"{status.Symbol}: {(status.Health is SymbolHealth.Parked ? "parked" : "stopped")}";
        }

        if (status.Health is not SymbolHealth.Degraded)
        {
            return null;
        }

        IEnumerable<string> bad = status.Feeds
            .Where(feed => feed.State is FeedState.Stale or FeedState.Down && Required.Contains(feed.Feed))
            .Select(feed => $"{feed.Feed.Name()} {(feed.State == FeedState.Stale ? "stale" : "down")}");
        string text = string.Join(", ", bad);
        return $"{status.Symbol}: {(text.Length > 0 ? text : status.LastRow?.SourceErrors)}";
    }

    /// <summary>
    /// True when rows should have been written since <paramref name="lastTime"/>, the newest tick with rows or the
    /// node's start. A member of a cluster may have no symbol just now, and then owes no rows; they are due from the
    /// first symbol that it gets.
    /// </summary>
    public bool AreRowsOverdue(IReadOnlyList<SymbolEntry> entries, long lastTime, long now)
    {
        long limitMs = (2 * (long)options.Interval.TotalMilliseconds) + 5_000;
        return entries.Count == 0
            ? options.Cluster is null && now - lastTime > limitMs
            : now - Math.Max(lastTime, entries.Min(static entry => entry.StartTime)) > limitMs;
    }

    private SymbolHealth HealthOf(SymbolEntry entry, ActorNode? actor)
    {
        if (actor?.State is ActorState.Parked or ActorState.Stopped or null)
        {
            return actor?.State is ActorState.Parked ? SymbolHealth.Parked : SymbolHealth.Stopped;
        }

        if (!universe.IsTrading(entry.Symbol))
        {
            return SymbolHealth.Inactive;
        }

        if (entry.Gauges.LastRow is null)
        {
            return SymbolHealth.Starting;
        }

        // One bad tick may be a hiccup; the second one in a row is a state.
        return entry.Gauges.DegradedTicks >= 2 ? SymbolHealth.Degraded : SymbolHealth.Ok;
    }

    private FeedStatus Of(Feed feed, SymbolGauges gauges, long now)
    {
        long last = gauges.LastReceiveTime(feed);
        long? age = last == 0 ? null : Math.Max(0, now - last);
        bool connected = gauges.IsConnected(feed);
        FeedState state = !settings.Provides(feed) ? FeedState.Off
            : feed == Feed.Liquidations || feed == Feed.Trades || feed == Feed.Bars
            ? (connected ? FeedState.Ok : FeedState.Down)
            : age is null ? FeedState.Down
            : age > LimitMs(feed) ? (connected ? FeedState.Stale : FeedState.Down)
            : FeedState.Ok;
        return new FeedStatus(feed, state, connected, age, gauges.Errors(feed));
    }

    private long LimitMs(Feed feed) => feed switch
    {
        Feed.Depth => FreshnessLimits.DepthMs,
        Feed.Mark => FreshnessLimits.MarkMs,
        Feed.OpenInterest => FreshnessLimits.OpenInterestMs(settings) + (long)options.Interval.TotalMilliseconds,
        Feed.OpenInterestHistory => FreshnessLimits.OpenInterestHistoryMs,
        _ => long.MaxValue,
    };
}
