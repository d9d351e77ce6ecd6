namespace Feeds.Storage.Journals;

/// <summary>What a <see cref="PostgresJournal"/> is told.</summary>
public sealed record PostgresJournalOptions
{
    /// <summary>
    /// The most bytes of events that wait in memory while the database is away, compressed but for the newest; then
    /// appending fails.
    /// </summary>
    public long MaxPendingBytes { get; init; } = 64_000_000;

    /// <summary>Days older than this go, unless a symbol still needs them.</summary>
    public TimeSpan KeepAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How many snapshots of a symbol are kept, at least 1.</summary>
    public int KeepSnapshots { get; init; } = 4;
}
