using Feeds.Actors.Mailboxes;

namespace Feeds.Actors.Tree;

/// <summary>What was to be seen of an actor at one moment; does not change afterwards.</summary>
public sealed record ActorNode
{
    /// <summary>Names from the top down, joined by '/'; empty for the system itself.</summary>
    public required string Path { get; init; }

    /// <summary>The last name of the path; the system's name for the system itself.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The type name of the instance; before the first one, what it understands; "system" for the system.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>Where the actor was in its life.</summary>
    public required ActorState State { get; init; }

    /// <summary>How full the mailbox was.</summary>
    public MailboxDepth Mailbox { get; init; }

    /// <summary>Messages taken from the mailbox since the first start, over all instances.</summary>
    public long Processed { get; init; }

    /// <summary>Messages per second over the last seconds, at most ten; 0 when none came.</summary>
    public double Rate { get; init; }

    /// <summary>Conflated messages that a newer one replaced since the first start.</summary>
    public long Replaced { get; init; }

    /// <summary>Restarts since the first start, an operator's included.</summary>
    public int Restarts { get; init; }

    /// <summary>The newest failure; null when there was none.</summary>
    public ActorFailure? LastFailure { get; init; }

    /// <summary>The newest failures, at most eight, the oldest first.</summary>
    public IReadOnlyList<ActorFailure> Failures { get; init; } = [];

    /// <summary>When the next instance is due; null unless the state is Backoff.</summary>
    public DateTimeOffset? NextRestart { get; init; }

    /// <summary>The children, in the order in which they were made.</summary>
    public IReadOnlyList<ActorNode> Children { get; init; } = [];
}
