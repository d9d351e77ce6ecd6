using Feeds.Core.Market;

namespace Feeds.Storage.Journals;

/// <summary>Takes the events of a journal as they are read: of each symbol in the order of its sequences.</summary>
public interface IJournalVisitor
{
    /// <summary>
    /// Returns the first sequence of a symbol that is wanted now; <see cref="long.MaxValue"/> when none is any more.
    /// </summary>
    long NextSequence(Symbol symbol);

    /// <summary>Takes an event. A book's levels are valid during the call only.</summary>
    void Visit(Symbol symbol, long sequence, in MarketEvent e);
}
