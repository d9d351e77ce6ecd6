using Feeds.Core.Market;

namespace Feeds.Storage.Journals;

/// <summary>What a journal holds.</summary>
public sealed record JournalStats
{
    /// <summary>Segments that are not sealed.</summary>
    public int OpenSegments { get; init; }

    /// <summary>Sealed segments.</summary>
    public int SealedSegments { get; init; }

    /// <summary>Bytes of the open ones.</summary>
    public long OpenBytes { get; init; }

    /// <summary>Bytes of the sealed ones.</summary>
    public long SealedBytes { get; init; }

    /// <summary>Events in open segments.</summary>
    public long OpenEvents { get; init; }

    /// <summary>Events in sealed segments.</summary>
    public long SealedEvents { get; init; }

    /// <summary>Snapshots, and their bytes.</summary>
    public int Snapshots { get; init; }

    /// <summary>Bytes of the snapshots.</summary>
    public long SnapshotBytes { get; init; }

    /// <summary>Files that were set aside damaged, and their bytes.</summary>
    public int DamagedFiles { get; init; }

    /// <summary>The symbols, sorted.</summary>
    public IReadOnlyList<SymbolJournalStats> Symbols { get; init; } = [];

    /// <summary>Events of each kind; empty unless they were asked for, as every event must be read.</summary>
    public IReadOnlyDictionary<EventKind, long> Kinds { get; init; } = new Dictionary<EventKind, long>();

    /// <summary>Receive time of the first event, epoch ms; 0 without any.</summary>
    public long FirstTime { get; init; }

    /// <summary>Receive time of the last event, epoch ms; 0 without any.</summary>
    public long LastTime { get; init; }

    /// <summary>
    /// Bytes of sealed segments for a day at the rate of what they hold; NaN when that is less than a minute.
    /// </summary>
    public double SealedBytesPerDay { get; init; } = double.NaN;
}
