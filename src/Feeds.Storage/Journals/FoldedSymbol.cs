using Feeds.Core.Numerics;
using Feeds.Core.Symbols;

namespace Feeds.Storage.Journals;

/// <summary>A symbol at the end of a fold.</summary>
public sealed class FoldedSymbol
{
    internal FoldedSymbol(SymbolState state, long snapshotSequence)
    {
        State = state;
        SnapshotSequence = snapshotSequence;
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

    /// <summary>The snapshot whose unchanged parts are taken when its sequence is reached; null for none.</summary>
    internal LoadedSnapshot? Awaited { get; set; }

    /// <summary>
    /// Takes the parts of a snapshot whose version is this program's; the others stay as the journal made them.
    /// </summary>
    internal void Overlay(LoadedSnapshot snapshot)
    {
        if (State.Sequence < snapshot.State.Sequence)
        {
            HoleList.Add(
                new JournalHole(
                    State.Symbol, State.Sequence + 1, snapshot.State.Sequence, snapshot.State.LastReceiveTime));
        }

        State.Overlay(new StateReader(snapshot.Sections.Span));
        Awaited = null;
    }
}
