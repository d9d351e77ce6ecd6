using Feeds.Actors.Mailboxes;

namespace Feeds.Actors;

/// <summary>
/// One who can be told something without waiting; Akka's ICanTell. Only <see cref="ActorRef{TMessage}"/> is one.
/// </summary>
/// <remarks>
/// Tell stands here and not beside TellAsync because CA1849, which finds blocking calls in asynchronous methods, takes
/// every pair Do/DoAsync of one type for a blocking and a waiting form. Tell never blocks.
/// </remarks>
/// <typeparam name="TMessage">What is understood.</typeparam>
public abstract class Recipient<TMessage>
{
    private readonly ActorLoop<TMessage> _cell;

    private protected Recipient(ActorLoop<TMessage> cell) => _cell = cell;

    /// <summary>Names from the top of the tree down, joined by '/', for instance <c>symbols/BTCUSDT</c>.</summary>
    public string Path => _cell.Path;

    private protected ActorLoop<TMessage> Loop => _cell;

    /// <summary>
    /// Puts the message into the mailbox without waiting. True when it is in; false when it became a dead letter
    /// because its queue is full, or the actor is parked, stopping or stopped. A conflating message is never refused
    /// for want of room.
    /// </summary>
    public bool Tell(in TMessage message)
    {
        var answer = _cell.Mailbox.Offer(in message);
        if (answer == OfferResult.Taken) return true;
        _cell.Discard(message, answer.Reason());
        return false;
    }

    /// <summary>Returns the path.</summary>
    public override string ToString() => Path;
}
