using Feeds.Core.Symbols;

namespace Feeds.Storage.Journals;

/// <summary>A symbol at the end of a fold.</summary>
public sealed class FoldedSymbol
{
    internal FoldedSymbol(SymbolState state, bool isFromSnapshot)
    {
        State = state;
        SnapshotSequence = isFromSnapshot ? state.Sequence : 0;
    }

    /// <summary>The state after the last event.</summary>
    public SymbolState State { get; }

    /// <summary>The sequence of the snapshot that the fold began at; 0 when it began with nothing.</summary>
    public long SnapshotSequence { get; }

    /// <summary>How many events were applied.</summary>
    public long EventCount { get; internal set; }

    /// <summary>How many ticks with rows were among them.</summary>
    public long TickCount { get; internal set; }

    /// <summary>Events that the journal lacks between those that were applied.</summary>
    public IReadOnlyList<JournalHole> Holes => HoleList;

    /// <summary>True when nothing was missing from the start of the fold to its end.</summary>
    public bool IsWhole => HoleList.Count == 0;

    internal List<JournalHole> HoleList { get; } = [];
}
