namespace Feeds.Storage.Journals;

/// <summary>What a journal is told.</summary>
public sealed record JournalOptions
{
    /// <summary>The folder of the journal's files, such as <c>data/journal</c>; made when absent.</summary>
    public required string Folder { get; init; }

    /// <summary>An open segment is followed by a new one at this size, bytes, above 0.</summary>
    public long SegmentBytes { get; init; } = 256L << 20;

    /// <summary>And at this age.</summary>
    public TimeSpan SegmentAge { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// The most bytes that wait in memory while the disk takes nothing; then appending fails, so that memory stays
    /// bounded. At most 100 MB, as they become one frame.
    /// </summary>
    public int MaxPendingBytes { get; init; } = 64_000_000;

    /// <summary>Segments older than this go, unless they are still needed.</summary>
    public TimeSpan KeepAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The oldest segments go when all are larger than this, bytes, unless they are still needed.</summary>
    public long KeepBytes { get; init; } = 50_000_000_000;

    /// <summary>
    /// The oldest segments go when less than this is free on the disk, bytes, unless they are still needed.
    /// </summary>
    public long MinFreeBytes { get; init; } = 5_000_000_000;

    /// <summary>How many snapshots are kept.</summary>
    public int KeepSnapshots { get; init; } = 4;
}
