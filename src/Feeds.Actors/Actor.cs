namespace Feeds.Actors;

/// <summary>
/// One consumer with private state: takes one message at a time from its mailbox and is never run by two threads at
/// once.
/// A throw in <see cref="PreStart"/> or <see cref="Receive"/> goes to the supervision of its props; after a restart a
/// new
/// instance made by the props' factory goes on with the same mailbox.
/// </summary>
/// <typeparam name="TMessage">What the actor understands; may be a struct, and is then never boxed.</typeparam>
public abstract class Actor<TMessage>
{
    private ActorContext<TMessage>? _context;

    /// <summary>The actor's surroundings; from <see cref="PreStart"/> on, not yet in the constructor.</summary>
    /// <exception cref="InvalidOperationException">Used in the constructor.</exception>
    protected ActorContext<TMessage> Context =>
        _context ?? throw new InvalidOperationException("An actor has its context from PreStart on.");

    /// <summary>Runs before the first message of this instance; messages wait in the mailbox meanwhile.</summary>
    /// <param name="stopping">Cancelled when the actor is asked to stop or to restart.</param>
    protected virtual ValueTask PreStart(CancellationToken stopping) => default;

    /// <summary>Works one message off. The next one is taken when the returned task has ended.</summary>
    /// <param name="message">The message; the actor owns it now, also when it throws.</param>
    /// <param name="stopping">Cancelled when the actor is asked to stop at once or to restart.</param>
    protected abstract ValueTask Receive(TMessage message, CancellationToken stopping);

    /// <summary>
    /// Runs on the failed instance before a new one replaces it, after its children and background work have ended.
    /// By default it calls <see cref="PostStop"/>, as in Akka.
    /// </summary>
    /// <param name="cause">The failure, or <see cref="RestartRequestedException"/> when an operator asked.</param>
    protected virtual ValueTask PreRestart(Exception cause) => PostStop();

    /// <summary>
    /// Runs last, after children and background work have ended. A throw is reported and changes nothing.
    /// </summary>
    protected virtual ValueTask PostStop() => default;

    /// <summary>
    /// Returns what an operator may see of the state, as an object of its own that later messages do not change;
    /// null when there is nothing to show. Runs between two messages. A throw goes to who asked, not to supervision.
    /// </summary>
    protected virtual object? Inspect() => null;

    // The loop's doors to the hooks: with them open to the whole assembly, its friends could not override them as
    // others do.
    internal ValueTask RunPreStart(CancellationToken stopping) => PreStart(stopping);

    internal ValueTask RunReceive(TMessage message, CancellationToken stopping) => Receive(message, stopping);

    internal ValueTask RunPreRestart(Exception cause) => PreRestart(cause);

    internal ValueTask RunPostStop() => PostStop();

    internal object? RunInspect() => Inspect();

    internal void Attach(ActorContext<TMessage> context) => _context = context;
}
