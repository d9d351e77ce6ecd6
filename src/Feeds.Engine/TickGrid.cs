namespace Feeds.Engine;

/// <summary>The grid of row ticks: multiples of the interval since the epoch, UTC.</summary>
public static class TickGrid
{
    /// <summary>Returns the first tick after a time; both epoch ms.</summary>
    public static long Next(long time, long intervalMs) => ((time / intervalMs) + 1) * intervalMs;

    /// <summary>Returns the last tick at or before a time; both epoch ms.</summary>
    public static long AtOrBefore(long time, long intervalMs) => time / intervalMs * intervalMs;
}
