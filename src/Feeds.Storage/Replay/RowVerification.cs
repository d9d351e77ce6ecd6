using Feeds.Core.Market;
using Feeds.Storage.Journals;

namespace Feeds.Storage.Replay;

/// <summary>What the comparison of replayed rows with a sink's rows found.</summary>
public sealed record RowVerification
{
    /// <summary>Rows that are the same, byte for byte.</summary>
    public long Identical { get; init; }

    /// <summary>Rows that are not, the lacking and the doubled ones included.</summary>
    public long Different { get; init; }

    /// <summary>The first of them, in the order of ticks; null when there is none.</summary>
    public RowDifference? First { get; init; }

    /// <summary>
    /// Rows that could not be judged: behind a hole of the journal. They are counted neither as identical nor as
    /// different.
    /// </summary>
    public long Unjudged { get; init; }

    /// <summary>Rows of the sink from before the journal's beginning.</summary>
    public long BeforeJournal { get; init; }

    /// <summary>The holes of the journal that were met.</summary>
    public IReadOnlyList<JournalHole> Holes { get; init; } = [];

    /// <summary>Events that were folded.</summary>
    public long EventCount { get; init; }

    /// <summary>True when journal and sink have ticks in common, so that anything was compared.</summary>
    public bool Overlaps => Identical + Different > 0;

    /// <summary>True when something was compared and nothing differs or is missing.</summary>
    public bool IsIdentical => Identical > 0 && Different == 0 && Unjudged == 0;

    /// <summary>The symbols that were folded.</summary>
    public IReadOnlyCollection<Symbol> Symbols { get; init; } = [];
}
