using Feeds.Actors.Mailboxes;
using Feeds.Actors.Supervision;
using Feeds.Actors.Tree;

namespace Feeds.Actors;

/// <summary>
/// The one consumer of a mailbox: starts incarnations, feeds them messages, and asks supervision what follows.
/// </summary>
internal sealed class ActorLoop<TMessage> : ActorCell
{
    // Messages worked off before the thread is handed back, so that one busy actor does not starve the others.
    private const int Share = 256;

    private readonly Props<TMessage> _props;
    private readonly Supervisor _supervisor;
    private volatile Incarnation<TMessage>? _incarnation;
    private bool _rests;

    public ActorLoop(ActorSystem system, ActorCell? parent, string name, Props<TMessage> props)
        : base(system, parent, name, typeof(TMessage).Name)
    {
        _props = props;
        _supervisor = new Supervisor(props.Supervision, system, Path, atTop: parent is null);
        Mailbox = new Mailbox<TMessage>(props.Mailbox, WakeUp, Stamp, Return);
        Self = new ActorRef<TMessage>(this);
    }

    private enum Turn
    {
        Idle,
        Waits,
        ShareUsed,
        Interrupted,
    }

    public ActorRef<TMessage> Self { get; }

    public Mailbox<TMessage> Mailbox { get; }

    protected override MailboxDepth Depth => Mailbox.Depth;

    protected override long Replaced => Mailbox.ReplacedTotal;

    private bool Interrupted => _incarnation!.Stopping.IsCancellationRequested;

    /// <summary>Begins the actor's life.</summary>
    public void Start()
    {
        // The creator's ambient values are none of the actor's business, and dropping them makes each wait cheaper.
        using (ExecutionContext.SuppressFlow()) Task.Run(RunAsync);
    }

    /// <summary>Counts a message as a dead letter and gives its buffers back.</summary>
    public void Discard(TMessage message, DeadLetterReason reason)
    {
        System.AddDeadLetter(Path, typeof(TMessage).Name, reason);
        Return(message);
    }

    protected override Action? Interruption() => _incarnation is { } incarnation ? incarnation.Cancel : null;

    protected override void CloseMailbox() => Mailbox.Close();

    protected override void ParkMailbox() => Mailbox.Park();

    private async Task RunAsync()
    {
        var ending = new Ending(Outcome.Stop);
        try
        {
            do ending = await LiveAsync();
            while (ending.Outcome is Outcome.Restart or Outcome.Park or Outcome.Rest && await RestAsync(ending));
        }
#pragma warning disable CA1031 // Boundary: should the loop itself break, its actor must not hang unseen.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            System.Events.HookFailed(Path, "Loop", failure);
        }

        State = ActorState.Stopping;
        Mailbox.Close();
        DiscardWaiting();
        AnswerInspections(null);
        // Before leaving: the parent waits for its children before it forgets their failures.
        if (ending.Outcome == Outcome.Escalate) Parent!.RequestFailure(ending.Cause!);
        Leave();
    }

    /// <summary>One incarnation, from its making to its last hook.</summary>
    private async Task<Ending> LiveAsync()
    {
        State = ActorState.Starting;
        Children.Open();
        using var incarnation = new Incarnation<TMessage>(this);
        _incarnation = incarnation;
        // A stop that came before there was something to cancel. The fence: see the incarnation first, then the wish.
        Interlocked.MemoryBarrier();
        if (Requests.Stop == StopMode.Now) incarnation.Cancel();
        var ending = await StartAsync(incarnation) ?? await WorkAsync(incarnation);
        await EndAsync(incarnation, ending);
        _incarnation = null;
        return ending;
    }

    private async Task<Ending?> StartAsync(Incarnation<TMessage> incarnation)
    {
        try
        {
            incarnation.Create(_props.Factory);
            Kind = incarnation.Actor!.GetType().Name;
            await incarnation.Actor.RunPreStart(incarnation.Stopping);
        }
        catch (OperationCanceledException) when (Interrupted)
        {
            return TakeWish() ?? new Ending(Outcome.Stop);
        }
#pragma warning disable CA1031 // Boundary: the supervisor decides about every failure.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Judge(failure, running: false) ?? new Ending(Outcome.Stop);
        }
        _supervisor.Started();
        State = ActorState.Running;
        System.Events.Started(Path, Kind, Restarts);
        return null;
    }

    private async Task<Ending> WorkAsync(Incarnation<TMessage> incarnation)
    {
        while (true)
        {
            if (Requests.Any && TakeRequests(incarnation) is { } wished) return wished;
            try
            {
                switch (WorkShare(incarnation, out var pending))
                {
                    case Turn.Waits:
                        await pending;
                        break;
                    case Turn.ShareUsed:
                        await Task.Yield();
                        break;
                    case Turn.Idle when Requests.Stop is not null:
                        return new Ending(Outcome.Stop);
                    case Turn.Idle when Requests.Rest:
                        return new Ending(Outcome.Rest);
                    case Turn.Idle:
                        await WakeUp.WaitAsync();
                        break;
                }
            }
            catch (OperationCanceledException) when (Interrupted)
            {
                // The normal end of a message that was cut short by a stop or a restart.
            }
#pragma warning disable CA1031 // Boundary: the supervisor decides about every failure.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                if (Judge(failure, running: true) is { } judged) return judged;
            }
        }
    }

    /// <summary>
    /// Works messages off until one waits, none is left, the share is used or something else is wanted.
    /// </summary>
    private Turn WorkShare(Incarnation<TMessage> incarnation, out ValueTask pending)
    {
        var actor = incarnation.Actor!;
        pending = default;
        for (var left = Share; left > 0; left--)
        {
            if (Requests.Any) return Turn.Interrupted;
            if (!Mailbox.TryTake(out var message)) return Turn.Idle;
            NoteProcessed();
            pending = actor.RunReceive(message, incarnation.Stopping);
            // Only the default task may go unawaited: any other may be backed by a source that wants its result taken.
            if (pending != default) return Turn.Waits;
        }
        return Turn.ShareUsed;
    }

    private Ending? TakeRequests(Incarnation<TMessage> incarnation)
    {
        if (TakeWish() is { } wish) return wish;
        if (Requests.TakeFailure() is { } failure)
        {
            if (Judge(failure, running: true) is { } judged) return judged;
        }
        AnswerInspections(incarnation.Actor);
        return null;
    }

    private Ending? Judge(Exception failure, bool running)
    {
        NoteFailure(failure);
        var ending = _supervisor.Judge(failure, running);
        // Who was asked to stop is neither restarted nor parked; a resumed one goes on draining.
        if (ending is null) return null;
        return Requests.Stop is not null ? new Ending(Outcome.Stop, failure)
            : Requests.Rest ? new Ending(Outcome.Rest, failure)
            : ending;
    }

    private Ending? TakeWish()
    {
        if (Requests.Stop == StopMode.Now) return new Ending(Outcome.Stop);
        if (!Requests.TakeRestart()) return null;
        // Perhaps it was being stopped by an operator, who changed his mind.
        Mailbox.Open();
        return new Ending(Outcome.Restart, new RestartRequestedException(Path));
    }

    private async Task EndAsync(Incarnation<TMessage> incarnation, Ending ending)
    {
        var restarts = ending.Outcome == Outcome.Restart;
        State = restarts ? ActorState.Starting : ActorState.Stopping;
        if (ending.Outcome is Outcome.Stop or Outcome.Escalate) Mailbox.Close();
        // The fence: who raises a drain to a stop at once either finds this state or is found here.
        Interlocked.MemoryBarrier();
        await incarnation.FinishAsync(
            Requests.Stop ?? (ending.Outcome == Outcome.Rest ? StopMode.Drained : StopMode.Now));
        Requests.ForgetFailures();
        if (incarnation.Actor is not { } actor) return;
        try
        {
            await (restarts ? actor.RunPreRestart(ending.Cause!) : actor.RunPostStop());
        }
#pragma warning disable CA1031 // Boundary: a hook that throws must not keep the actor from ending; it is reported.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            System.Events.HookFailed(Path, restarts ? "PreRestart" : "PostStop", failure);
        }
    }

    /// <summary>
    /// Waits in backoff, parked or stopped by an operator. True when a new incarnation is to start, false when a stop
    /// was wanted.
    /// </summary>
    private async Task<bool> RestAsync(Ending ending)
    {
        var parked = ending.Outcome == Outcome.Park;
        if (parked)
        {
            Mailbox.Park();
            State = ActorState.Parked;
            System.Events.Parked(Path, ending.Cause!);
        }
        else if (ending.Outcome == Outcome.Restart) System.Events.Restarting(Path, ending.Cause!, ending.Delay);

        var restart = ending.Outcome == Outcome.Restart ? await BackoffAsync(ending.Delay) : await ParkedAsync();
        if (restart) NoteRestart();
        return restart;
    }

    private async Task<bool> BackoffAsync(TimeSpan delay)
    {
        if (delay == TimeSpan.Zero)
        {
            _supervisor.Clear();
            return Requests.Stop is null;
        }
        var due = new StrongBox();
        NoteNextRestart(delay);
        State = ActorState.Backoff;
        await using var timer = TimeProvider.CreateTimer(
            _ => { due.Passed = true; WakeUp.Set(); }, null, delay, Timeout.InfiniteTimeSpan);
        while (!due.Passed)
        {
            AnswerInspections(null);
            if (Requests.Stop is not null) return false;
            if (Requests.Rest) return await ParkedAsync();
            if (Requests.TakeRestart())
            {
                _supervisor.Clear();
                Mailbox.Open();
                return true;
            }
            await WakeUp.WaitAsync();
        }
        return Requests.Stop is null;
    }

    private async Task<bool> ParkedAsync()
    {
        while (true)
        {
            if (Requests.Rest && !_rests)
            {
                _rests = true;
                State = ActorState.Stopped;
                System.Events.Stopped(Path);
            }
            DiscardWaiting();
            AnswerInspections(null);
            if (Requests.Stop is not null) return false;
            if (Requests.TakeRestart())
            {
                _supervisor.Clear();
                _rests = false;
                Mailbox.Open();
                return true;
            }
            await WakeUp.WaitAsync();
        }
    }

    private void AnswerInspections(Actor<TMessage>? actor)
    {
        while (Requests.TakeInspection() is { } inspection)
        {
            try
            {
                inspection.TrySetResult(actor?.RunInspect());
            }
#pragma warning disable CA1031 // Boundary: a throw of Inspect goes to who asked.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                inspection.TrySetException(failure);
            }
        }
    }

    private void DiscardWaiting()
    {
        while (Mailbox.TryTake(out var message)) Discard(message, DeadLetterReason.Undelivered);
    }

    private TMessage Stamp(TMessage message, int replaced)
    {
        if (_props.Mailbox.WithReplaced is not { } stamp) return message;
        try
        {
            return stamp(message, replaced);
        }
#pragma warning disable CA1031 // Boundary: may run on a sender's thread, who cannot help it; it is reported.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            System.Events.HookFailed(Path, "WithReplaced", failure);
            return message;
        }
    }

    private void Return(TMessage message)
    {
        if (_props.Mailbox.Discarded is not { } discarded) return;
        try
        {
            discarded(message);
        }
#pragma warning disable CA1031 // Boundary: runs on any sender's thread, who cannot help it; it is reported.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            System.Events.HookFailed(Path, "Discarded", failure);
        }
    }

    private sealed class StrongBox
    {
        public volatile bool Passed;
    }
}
