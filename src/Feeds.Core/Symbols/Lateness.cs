namespace Feeds.Core.Symbols;

/// <summary>
/// How late, or how early by a wrong clock, an event may be and still count in windows of event time.
/// </summary>
public static class Lateness
{
    /// <summary>Seconds; later events are journaled and counted only.</summary>
    public const int LimitSeconds = 60;

    /// <summary>True when an event received with this latency (ms, by the exchange's clock) still counts.</summary>
    public static bool IsInTime(double latencyMs) => Math.Abs(latencyMs) <= LimitSeconds * 1000;
}
