using Feeds.Actors.Mailboxes;
using Feeds.Actors.Supervision;

namespace Feeds.Actors;

/// <summary>
/// Who wants to know what happens to actors, to log and count it. Called on whatever thread it happens, so it must be
/// safe from several threads and quick. A throw is counted (<see cref="ActorSystem.ObserverFailures"/>), nothing else.
/// </summary>
public interface IActorEvents
{
    /// <summary>An instance has run its PreStart and takes messages.</summary>
    /// <param name="path">The actor.</param>
    /// <param name="kind">The type name of the instance.</param>
    /// <param name="restarts">Restarts so far; 0 at the first start.</param>
    void Started(string path, string kind, int restarts) { }

    /// <summary>An actor threw, and this is what will be done about it.</summary>
    void Failed(string path, Exception failure, Directive directive) { }

    /// <summary>An actor will be restarted after a delay; zero when an operator asked.</summary>
    void Restarting(string path, Exception cause, TimeSpan delay) { }

    /// <summary>An actor has used up its restarts and rests until an operator restarts it.</summary>
    void Parked(string path, Exception failure) { }

    /// <summary>An actor is gone, or was stopped by an operator and waits to be restarted.</summary>
    void Stopped(string path) { }

    /// <summary>A message was not delivered.</summary>
    void DeadLetter(DeadLetter letter) { }

    /// <summary>
    /// Code that runs beside messages threw: PreRestart, PostStop, Discarded, Decider or a callback of the stopping
    /// token.
    /// </summary>
    void HookFailed(string path, string hook, Exception failure) { }

    /// <summary>Background work ignored its cancelled token for too long; the actor went on without its end.</summary>
    void WorkAbandoned(string path, int works) { }
}
