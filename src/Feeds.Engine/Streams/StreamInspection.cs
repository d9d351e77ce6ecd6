namespace Feeds.Engine.Streams;

/// <summary>What an operator sees of a stream connection.</summary>
/// <param name="Address">Where it connects to.</param>
/// <param name="IsOpen">True while open.</param>
/// <param name="Frames">Frames received over all connections.</param>
/// <param name="FramesPerSecond">Over the last ten seconds.</param>
/// <param name="LastFrameAgeMs">Age of the newest frame; null when there was none.</param>
/// <param name="OpenedTime">When the connection that stands was opened, epoch ms; null while none is.</param>
/// <param name="RolloverDueTime">
/// When it is to be replaced without a break at the latest, epoch ms; null while none is open.
/// </param>
/// <param name="Reconnects">How often it was opened again after a loss.</param>
/// <param name="Rollovers">How often it was replaced without a break.</param>
/// <param name="LastError">Why the last one ended; null when none did.</param>
/// <param name="Muted">Streams that are silent too long while the connection is not.</param>
/// <param name="NotAsked">Streams that are wanted, and not asked for yet.</param>
/// <param name="Streams">The streams that are wanted, by name.</param>
public sealed record StreamInspection(
    string Address,
    bool IsOpen,
    long Frames,
    double FramesPerSecond,
    long? LastFrameAgeMs,
    long? OpenedTime,
    long? RolloverDueTime,
    int Reconnects,
    int Rollovers,
    string? LastError,
    IReadOnlyList<string> Muted,
    IReadOnlyList<string> NotAsked,
    IReadOnlyDictionary<string, StreamPace> Streams);
