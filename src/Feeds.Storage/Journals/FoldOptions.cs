using Feeds.Core.Market;

namespace Feeds.Storage.Journals;

/// <summary>What of a journal is folded, and how.</summary>
public sealed record FoldOptions
{
    /// <summary>The symbols; null for all that the journal knows.</summary>
    public IReadOnlyCollection<Symbol>? Symbols { get; init; }

    /// <summary>
    /// For a symbol, the tick (epoch ms) after which rows are wanted. The fold begins at the newest good snapshot that
    /// is not later, and without one at the beginning of the journal.
    /// </summary>
    public Func<Symbol, long> AfterTick { get; init; } = static _ => 0;

    /// <summary>The last tick that is wanted, epoch ms; the fold of a symbol ends with it.</summary>
    public long LastTick { get; init; } = long.MaxValue;

    /// <summary>
    /// False to begin with nothing even where there are snapshots: the check of the other road. Only a symbol whose
    /// beginning was pruned begins at its oldest snapshot then, as there is no other start.
    /// </summary>
    public bool UseSnapshots { get; init; } = true;

    /// <summary>How many cores work at it, at least 1. The rows do not depend on it.</summary>
    public int Cores { get; init; } = 1;
}
