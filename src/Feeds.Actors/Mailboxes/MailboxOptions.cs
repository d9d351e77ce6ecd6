namespace Feeds.Actors.Mailboxes;

/// <summary>The bounds of a mailbox, and what it must know about its messages.</summary>
/// <typeparam name="TMessage">What the actor understands.</typeparam>
public sealed record MailboxOptions<TMessage>
{
    /// <summary>Most messages of class Data and Barrier that wait; at least 1.</summary>
    public int DataCapacity { get; init; } = 1024;

    /// <summary>Most messages of class Command that wait; at least 1.</summary>
    public int CommandCapacity { get; init; } = 64;

    /// <summary>
    /// Tells the class of a message; null when all are Data. Runs on the sender's thread, more than once.
    /// </summary>
    public Func<TMessage, MessageClass>? Classify { get; init; }

    /// <summary>
    /// Writes into a conflated message how many older ones it replaced (0 and more); null when nobody wants to know.
    /// Runs once, when the message leaves the slot, on the consumer's or the barrier's sender's thread.
    /// </summary>
    public Func<TMessage, int, TMessage>? WithReplaced { get; init; }

    /// <summary>
    /// Takes back a message that the actor will never see, replaced or dead letter, so that its buffers return;
    /// null when there is nothing to return. Runs on any thread, once per such message.
    /// </summary>
    public Action<TMessage>? Discarded { get; init; }
}
