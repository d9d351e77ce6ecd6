namespace Feeds.Actors.Tree;

/// <summary>Where an actor is in its life.</summary>
public enum ActorState
{
    /// <summary>
    /// An instance is being made and runs its PreStart; before a restart, the old one runs its last hooks.
    /// </summary>
    Starting,

    /// <summary>Takes messages.</summary>
    Running,

    /// <summary>Failed, and waits for the time of its restart; the mailbox goes on filling up to its bounds.</summary>
    Backoff,

    /// <summary>Used up its restarts and waits for an operator; messages are dead letters.</summary>
    Parked,

    /// <summary>Was asked to stop: works off its last messages, waits for its children, runs its last hook.</summary>
    Stopping,

    /// <summary>
    /// Gone; or stopped by an operator, without an instance, and in the tree until the operator wants it back.
    /// </summary>
    Stopped,
}
