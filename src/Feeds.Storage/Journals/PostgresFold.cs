using Feeds.Core.Market;
using Feeds.Core.Symbols;

namespace Feeds.Storage.Journals;

/// <summary>Folds the blocks of one symbol, of one epoch after the other.</summary>
internal sealed class PostgresFold(SymbolState state, long afterTick) : IJournalVisitor
{
    /// <summary>The state so far.</summary>
    public SymbolState State { get; } = state;

    /// <summary>Rows of ticks later than the one given.</summary>
    public List<TickRows> Rows { get; } = [];

    /// <summary>
    /// The first sequence that a higher epoch has: what an older owner has of it and after is not the past.
    /// </summary>
    public long End { get; set; } = long.MaxValue;

    public long NextSequence(Symbol symbol) => State.Sequence + 1;

    public void Visit(Symbol symbol, long sequence, in MarketEvent e)
    {
        if (sequence <= State.Sequence || sequence >= End)
        {
            return;
        }

        if (sequence > State.Sequence + 1)
        {
            State.SkipTo(sequence - 1);
        }

        if (State.Apply(e) is { } rows && rows.Feed.TickTime > afterTick)
        {
            Rows.Add(rows);
        }
    }
}
