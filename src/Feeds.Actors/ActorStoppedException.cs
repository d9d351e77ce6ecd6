using Feeds.Actors.Tree;

namespace Feeds.Actors;

/// <summary>An actor cannot do what was asked because it is parked, stopping or gone.</summary>
public sealed class ActorStoppedException : ActorException
{
    /// <summary>Creates it for an actor and the state it was found in.</summary>
    public ActorStoppedException(string path, ActorState state)
        : base(path, $"{path} is {state} and takes nothing.") => State = state;

    /// <summary>The state the actor was found in.</summary>
    public ActorState State { get; }
}
