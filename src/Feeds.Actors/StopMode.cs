namespace Feeds.Actors;

/// <summary>How an actor is stopped.</summary>
public enum StopMode
{
    /// <summary>
    /// The mailbox takes nothing more, what is in it is worked off, then the actor stops (Akka's PoisonPill).
    /// </summary>
    Drained,

    /// <summary>The running message is the last one; what waits becomes dead letters (Akka's Stop).</summary>
    Now,
}
