namespace Feeds.Engine.Streams;

/// <summary>What one look at the streams of a connection found.</summary>
/// <param name="IsDead">
/// True when all streams that speak often are silent too long: the connection itself is dead.
/// </param>
/// <param name="Muted">Streams newly found silent too long while others speak.</param>
/// <param name="Due">Streams that are still muted and are to be asked for again now.</param>
/// <param name="Back">Streams that were muted and speak again.</param>
internal sealed record SilenceFindings(
    bool IsDead, IReadOnlyList<StreamWatch> Muted, IReadOnlyList<StreamWatch> Due, IReadOnlyList<StreamWatch> Back)
{
    public static SilenceFindings None { get; } = new(false, [], [], []);

    public static SilenceFindings Dead { get; } = new(true, [], [], []);
}
