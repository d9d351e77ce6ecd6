using Feeds.Core.Market;

namespace Feeds.Core.Symbols;

/// <summary>How old, by receive time, the newest value of a feed may be at a tick and still be shown; in ms.</summary>
public static class FreshnessLimits
{
    /// <summary>Books.</summary>
    public const long DepthMs = 5_000;

    /// <summary>Marks.</summary>
    public const long MarkMs = 10_000;

    /// <summary>Open-interest statistics: three of their 5-minute periods.</summary>
    public const long OpenInterestHistoryMs = 15 * 60_000;

    /// <summary>Open interest polled now: three ticks, and at least a minute.</summary>
    public static long OpenInterestMs(SymbolSettings settings) => Math.Max(60_000, 3L * settings.IntervalMs);

    /// <summary>
    /// The polled premium index that stands in for a stale mark: one tick, and at least what a mark may be.
    /// </summary>
    public static long PremiumMs(SymbolSettings settings) => Math.Max(MarkMs, settings.IntervalMs);
}
