namespace Feeds.Actors.Supervision;

/// <summary>What a supervisor decides after a failure.</summary>
public enum Directive
{
    /// <summary>
    /// Go on with the same instance and the next message. After a failed start it means <see cref="Restart"/>, since
    /// there
    /// is nothing to go on with.
    /// </summary>
    Resume,

    /// <summary>End the instance, wait for the backoff, and start a new one on the same mailbox.</summary>
    Restart,

    /// <summary>Stop the actor.</summary>
    Stop,

    /// <summary>
    /// Stop the actor and let its parent fail with the same exception, to be judged by the parent's supervision.
    /// At the top of the tree it means <see cref="Stop"/>.
    /// </summary>
    Escalate,
}
