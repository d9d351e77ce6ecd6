using Feeds.Actors.Tree;

namespace Feeds.Actors;

/// <summary>The address of an actor, whatever it understands. Only <see cref="ActorRef{TMessage}"/> is one.</summary>
public interface IActorRef
{
    /// <summary>Names from the top of the tree down, joined by '/', for instance <c>symbols/BTCUSDT</c>.</summary>
    string Path { get; }

    /// <summary>Where the actor is in its life now.</summary>
    ActorState State { get; }

    /// <summary>Ends, without error, when the actor is gone: its last hook has run and its name is free.</summary>
    Task Stopped { get; }

    internal ActorCell Cell { get; }
}
