namespace Feeds.Engine.Health;

/// <summary>The REST side of the node.</summary>
/// <param name="UsedWeight">Weight used in the running UTC minute.</param>
/// <param name="WeightLimit">The most that may be.</param>
/// <param name="Requests">Requests sent since the start.</param>
/// <param name="Failures">Requests that ended without an answer that could be used.</param>
/// <param name="HeldUntil">All requests wait until then (epoch ms) after a 429 or 418; null when none is held.</param>
/// <param name="Blocked">True when a firewall or geo block refuses us (403, 451).</param>
/// <param name="ClockOffsetMs">The exchange's clock minus ours; null before it was measured.</param>
public sealed record RestStatus(
    int UsedWeight, int WeightLimit, long Requests, long Failures, long? HeldUntil, bool Blocked,
    double? ClockOffsetMs);
