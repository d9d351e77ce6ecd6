namespace Feeds.Engine.Health;

/// <summary>One stream connection.</summary>
/// <param name="Name">Its actor's name, such as <c>market-1</c>.</param>
/// <param name="Path">The URL's path, such as <c>/market/stream</c>.</param>
/// <param name="Connected">True while the connection is open.</param>
/// <param name="Streams">How many streams are asked for on it.</param>
/// <param name="Frames">Frames received since the start of the node.</param>
/// <param name="LastFrameAgeMs">Age of the newest frame in ms; null when there was none.</param>
/// <param name="Reconnects">How often it was opened again.</param>
/// <param name="LastError">Why it was closed last; null when it never was.</param>
public sealed record StreamStatus(
    string Name,
    string Path,
    bool Connected,
    int Streams,
    long Frames,
    long? LastFrameAgeMs,
    int Reconnects,
    string? LastError);
