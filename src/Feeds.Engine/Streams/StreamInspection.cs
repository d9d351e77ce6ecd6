namespace Feeds.Engine.Streams;

/// <summary>What an operator sees of a stream connection.</summary>
/// <param name="Address">Where it connects to.</param>
/// <param name="IsOpen">True while open.</param>
/// <param name="Streams">The streams asked for.</param>
/// <param name="Muted">Those of them that are silent too long while the connection is not.</param>
/// <param name="Frames">Frames received over all connections.</param>
/// <param name="LastFrameAgeMs">Age of the newest frame; null when there was none.</param>
/// <param name="Connections">How many were opened, replacements without a break not counted.</param>
/// <param name="Rollovers">How many were replaced without a break.</param>
/// <param name="LastError">Why the last one ended; null when none did.</param>
public sealed record StreamInspection(
    string Address,
    bool IsOpen,
    IReadOnlyList<string> Streams,
    IReadOnlyList<string> Muted,
    long Frames,
    long? LastFrameAgeMs,
    int Connections,
    int Rollovers,
    string? LastError);
