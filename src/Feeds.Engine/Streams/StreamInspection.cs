namespace Feeds.Engine.Streams;

/// <summary>What an operator sees of a stream connection.</summary>
/// <param name="Address">Where it connects to.</param>
/// <param name="IsOpen">True while open.</param>
/// <param name="Streams">The streams asked for.</param>
/// <param name="Frames">Frames received over all connections.</param>
/// <param name="LastFrameAgeMs">Age of the newest frame; null when there was none.</param>
/// <param name="Connections">How many were opened.</param>
/// <param name="LastError">Why the last one ended; null when none did.</param>
public sealed record StreamInspection(
    string Address,
    bool IsOpen,
    IReadOnlyList<string> Streams,
    long Frames,
    long? LastFrameAgeMs,
    int Connections,
    string? LastError);
