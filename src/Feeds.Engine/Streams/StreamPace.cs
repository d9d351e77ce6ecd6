namespace Feeds.Engine.Streams;

/// <summary>One stream of an inspected connection.</summary>
/// <param name="AgeMs">Age of its newest data; null when none came, or when it has no symbol.</param>
/// <param name="SilenceLimitMs">
/// How long it may be silent before it counts as muted; null when its silence says nothing.
/// </param>
public sealed record StreamPace(long? AgeMs, long? SilenceLimitMs);
