using Feeds.Actors.Mailboxes;
using Feeds.Actors.Tree;

namespace Feeds.Actors;

/// <summary>
/// What an actor can do to its surroundings. Belongs to one instance; to be used from its hooks and Receive only,
/// except
/// for the plain properties.
/// </summary>
/// <typeparam name="TMessage">What the actor understands.</typeparam>
public sealed class ActorContext<TMessage>
{
    private readonly Incarnation<TMessage> _incarnation;
    private readonly ActorLoop<TMessage> _cell;

    internal ActorContext(Incarnation<TMessage> incarnation)
    {
        _incarnation = incarnation;
        _cell = incarnation.Cell;
    }

    /// <summary>The actor's own address; the same over all its instances.</summary>
    public ActorRef<TMessage> Self => _cell.Self;

    /// <summary>The actor's path, for instance <c>symbols/BTCUSDT</c>.</summary>
    public string Path => _cell.Path;

    /// <summary>The system's time.</summary>
    public TimeProvider TimeProvider => _cell.TimeProvider;

    /// <summary>Cancelled when this instance is to end: at a stop or before a restart.</summary>
    public CancellationToken Stopping => _incarnation.Stopping;

    /// <summary>Creates a child. It starts on its own; its messages wait meanwhile.</summary>
    /// <param name="props">The recipe.</param>
    /// <param name="name">Unique among the living children; not empty, without '/' and control characters.</param>
    /// <exception cref="ActorNameException">The name cannot be given, or this actor is ending.</exception>
    public ActorRef<TChild> ActorOf<TChild>(Props<TChild> props, string name) =>
        _cell.System.Create(_cell, props, name);

    /// <summary>Asks this actor or one of its children to stop; does not wait for it.</summary>
    /// <exception cref="ArgumentException">The actor is neither this one nor a child of it.</exception>
    public void Stop(IActorRef actor, StopMode mode = StopMode.Now)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (actor.Cell != _cell && actor.Cell.Parent != _cell)
            throw new ArgumentException($"{actor.Path} is no child of {Path}.", nameof(actor));
        actor.Cell.RequestStop(mode);
    }

    /// <summary>
    /// Tells this actor a message once, after a delay. Told, not awaited: when its queue is full it is a dead letter.
    /// Cancelled when disposed, when the actor is asked to stop, and when this instance ends; what is in the mailbox by
    /// then stays there.
    /// </summary>
    public IDisposable ScheduleOnce(TimeSpan delay, TMessage message) =>
        _incarnation.Timers.Add(delay, null, () => Remind(message));

    /// <summary>As <see cref="ScheduleOnce"/>, and again after each period. The same message each time.</summary>
    public IDisposable ScheduleRepeatedly(TimeSpan delay, TimeSpan period, TMessage message)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        return _incarnation.Timers.Add(delay, period, () => Remind(message));
    }

    /// <summary>
    /// Runs work beside the messages and tells this actor its outcome, waiting for room. When this instance ends, the
    /// work's token is cancelled, its end is awaited (at most 10 s) before the last hooks run, and an outcome is a dead
    /// letter.
    /// </summary>
    /// <param name="work">The work; must not touch the actor's state.</param>
    /// <param name="completed">Makes the message for a result; runs beside the messages.</param>
    /// <param name="failed">Makes the message for a throw of the work; a throw of its own fails the actor.</param>
    public void PipeToSelf<TResult>(
        Func<CancellationToken, Task<TResult>> work, Func<TResult, TMessage> completed,
        Func<Exception, TMessage> failed)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(completed);
        ArgumentNullException.ThrowIfNull(failed);
        _incarnation.Run(stopping => PipeAsync(work, completed, failed, stopping));
    }

    /// <summary>As the other overload, for work without a result.</summary>
    public void PipeToSelf(
        Func<CancellationToken, Task> work, Func<TMessage> completed, Func<Exception, TMessage> failed)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(completed);
        PipeToSelf(
            async stopping =>
            {
                await work(stopping);
                return true;
            },
            _ => completed(), failed);
    }

    // Who was asked to stop has no use for a reminder, and it would count as a dead letter.
    private void Remind(TMessage message)
    {
        if (_cell.State != ActorState.Stopping) _cell.Self.Tell(in message);
    }

    private async Task PipeAsync<TResult>(
        Func<CancellationToken, Task<TResult>> work, Func<TResult, TMessage> completed,
        Func<Exception, TMessage> failed, CancellationToken stopping)
    {
        TMessage outcome;
        try
        {
            outcome = completed(await work(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
#pragma warning disable CA1031 // Boundary: every failure of the work becomes a message.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            outcome = failed(failure);
        }
        if (stopping.IsCancellationRequested) _cell.Discard(outcome, DeadLetterReason.Outlived);
        else await _cell.Self.TellAsync(in outcome, stopping);
    }
}
