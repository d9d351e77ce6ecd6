namespace Feeds.Actors.Supervision;

/// <summary>What follows when an actor has used up its restarts.</summary>
public enum Exhaustion
{
    /// <summary>
    /// It stays in the tree with its failure, without an instance; messages to it are dead letters; an operator's
    /// restart brings it back.
    /// </summary>
    Park,

    /// <summary>It is stopped.</summary>
    Stop,
}
