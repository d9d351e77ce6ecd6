namespace Feeds.Actors.Mailboxes;

/// <summary>How a message travels through a mailbox.</summary>
public enum MessageClass
{
    /// <summary>In order with other data; the sender waits while the data queue is full.</summary>
    Data,

    /// <summary>
    /// Data that must see what was told before it: the waiting conflated message is put into the data queue ahead of
    /// it.
    /// What is conflated later comes after it. For ticks.
    /// </summary>
    Barrier,

    /// <summary>Replaces the waiting message of this class; taken when no command and no data waits.</summary>
    Conflate,

    /// <summary>
    /// Overtakes data, in order with other commands; the sender waits while the command queue is full.
    /// </summary>
    Command,
}
