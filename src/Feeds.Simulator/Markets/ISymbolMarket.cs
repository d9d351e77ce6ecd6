namespace Feeds.Simulator.Markets;

/// <summary>
/// The market of one symbol as it unfolds: moved forward in steps, it says what happened since the step before. Used by
/// one thread.
/// </summary>
internal interface ISymbolMarket
{
    /// <summary>What the symbol is.</summary>
    SymbolSpec Spec { get; }

    /// <summary>
    /// True when it is to be moved every 10 ms, to keep the spacing of what was recorded; else every 100 ms.
    /// </summary>
    bool MovesFinely { get; }

    /// <summary>True once nothing more will happen.</summary>
    bool IsOver { get; }

    /// <summary>Moves the market to a time (epoch ms, never back) and fills in what happened on the way.</summary>
    void Advance(long time, MarketStep step);

    /// <summary>True when the book is known as a whole.</summary>
    bool HasBook { get; }

    /// <summary>Update id of the book as it stands.</summary>
    long BookUpdateId { get; }

    /// <summary>When the book last changed, epoch ms.</summary>
    long BookTime { get; }

    /// <summary>Fills the best levels of a side, best first; returns how many there are.</summary>
    int Levels(bool bids, Span<BookLevel> into);

    /// <summary>Begins a chain of deltas at the book as it stands.</summary>
    DeltaChain OpenChain();

    /// <summary>
    /// True when the book changed since the chain's last delta, which is then filled in and the chain moved on.
    /// </summary>
    bool TakeDelta(DeltaChain chain, BookDelta into);
}
