using Feeds.Actors.Mailboxes;
using Feeds.Core.Market;

namespace Feeds.Engine.Symbols;

/// <summary>What a symbol actor takes: an event of its symbol.</summary>
/// <param name="Event">The event; a book's buffer belongs to whoever holds the message.</param>
public readonly record struct SymbolMessage(MarketEvent Event)
{
    /// <summary>Returns how the message travels: books conflate, ticks see the book before them, all else waits for room.</summary>
    public static MessageClass Classify(SymbolMessage message) => message.Event.Kind switch
    {
        EventKind.Book => MessageClass.Conflate,
        EventKind.Tick => MessageClass.Barrier,
        _ => MessageClass.Data,
    };

    /// <summary>Returns the message with the number of books it replaced.</summary>
    public static SymbolMessage WithReplaced(SymbolMessage message, int replaced) =>
        replaced == 0 ? message : new SymbolMessage(message.Event.WithConflated(replaced));
}
