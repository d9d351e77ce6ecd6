using Feeds.Actors;
using Feeds.Actors.Mailboxes;
using Feeds.Core.Market;
using Feeds.Storage.Journals;

namespace Feeds.Engine.Symbols;

/// <summary>What a symbol actor takes: an event of its symbol, or a question about its state.</summary>
/// <param name="Event">
/// The event; a book's buffer belongs to whoever holds the message. Not an event when there is a question.
/// </param>
/// <param name="Snapshot">Where to put the saved state; null for an event.</param>
public readonly record struct SymbolMessage(MarketEvent Event, Reply<SymbolSnapshot>? Snapshot = null)
{
    /// <summary>
    /// Returns how the message travels: books conflate, ticks see the book before them, questions overtake, all else
    /// waits for room.
    /// </summary>
    public static MessageClass Classify(SymbolMessage message) => message.Snapshot is not null
        ? MessageClass.Command
        : message.Event.Kind switch
        {
            EventKind.Book => MessageClass.Conflate,
            EventKind.Tick => MessageClass.Barrier,
            _ => MessageClass.Data,
        };

    /// <summary>Returns the message with the number of books it replaced.</summary>
    public static SymbolMessage WithReplaced(SymbolMessage message, int replaced) =>
        replaced == 0 ? message : message with { Event = message.Event.WithConflated(replaced) };
}
