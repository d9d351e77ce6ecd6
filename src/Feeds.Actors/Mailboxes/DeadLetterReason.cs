namespace Feeds.Actors.Mailboxes;

/// <summary>Why a message was not delivered.</summary>
public enum DeadLetterReason
{
    /// <summary>It was told without waiting and its queue had no room.</summary>
    Full,

    /// <summary>The actor is parked.</summary>
    Parked,

    /// <summary>The actor is stopping or gone.</summary>
    Stopped,

    /// <summary>It was in the mailbox when the actor stopped or was parked.</summary>
    Undelivered,

    /// <summary>Its sender gave up waiting for room.</summary>
    Cancelled,

    /// <summary>It is the outcome of background work whose incarnation has ended.</summary>
    Outlived,
}
