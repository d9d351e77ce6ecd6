using Feeds.Actors.Mailboxes;
using Feeds.Actors.Tree;

namespace Feeds.Actors;

/// <summary>An actor's place in the tree, whatever it understands; outlives its incarnations.</summary>
internal abstract class ActorCell
{
    private readonly RateMeter _rate;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ActorState _state = ActorState.Starting;
    private const int FailuresKept = 8;

    private volatile ActorFailure[] _failures = [];
    private volatile string _kind;
    private long _processed;
    private volatile int _restarts;
    private long _nextRestartTicks;

    protected ActorCell(ActorSystem system, ActorCell? parent, string name, string kind)
    {
        System = system;
        Parent = parent;
        Name = name;
        Path = PathOf(parent, name);
        _kind = kind;
        _rate = new RateMeter(system.TimeProvider.GetTimestamp());
    }

    public ActorSystem System { get; }

    public ActorCell? Parent { get; }

    public string Name { get; }

    public string Path { get; }

    public ChildSet Children { get; } = new();

    public WakeUp WakeUp { get; } = new();

    public TimeProvider TimeProvider => System.TimeProvider;

    public Task Stopped => _stopped.Task;

    /// <summary>The state that is shown: whoever was asked to stop is stopping, whatever its loop still does.</summary>
    public ActorState State
    {
        get => _state is var state && state != ActorState.Stopped && (Requests.Stop is not null || Requests.Rest)
            ? ActorState.Stopping
            : state;
        protected set => _state = value;
    }

    protected Requests Requests { get; } = new();

    protected string Kind
    {
        get => _kind;
        set => _kind = value;
    }

    protected int Restarts => _restarts;

    protected abstract MailboxDepth Depth { get; }

    protected abstract long Replaced { get; }

    /// <summary>Returns the path of a name under a parent; null for the top.</summary>
    public static string PathOf(ActorCell? parent, string name) => parent is null ? name : $"{parent.Path}/{name}";

    /// <summary>Asks the actor to stop. From any thread, any number of times; Now outranks Drained.</summary>
    public void RequestStop(StopMode mode)
    {
        Requests.AddStop(mode);
        CloseMailbox();
        if (mode == StopMode.Now)
        {
            Interruption()?.Invoke();
            // Its children are being drained already: hurry them too. Before that they are left to the loop's order.
            if (_state == ActorState.Stopping) foreach (var child in Children.ToArray()) child.RequestStop(mode);
        }
        WakeUp.Set();
    }

    /// <summary>
    /// Asks the actor to work off its mailbox and to rest in the tree until a restart; false when it is on its way out.
    /// </summary>
    public bool RequestRest()
    {
        if (Requests.Stop is not null) return false;
        if (_state is ActorState.Stopping or ActorState.Stopped && !Requests.ComesBack) return false;
        Requests.AddRest();
        ParkMailbox();
        WakeUp.Set();
        return true;
    }

    /// <summary>Asks the actor to restart, whatever it rests for; false when it is on its way out.</summary>
    public bool RequestRestart()
    {
        if (Requests.Stop is not null) return false;
        if (_state is ActorState.Stopping or ActorState.Stopped && !Requests.ComesBack) return false;
        // Taken before the wish is known: afterwards it may be the next incarnation, which nobody wants to interrupt.
        var interrupt = Interruption();
        Requests.AddRestart();
        interrupt?.Invoke();
        WakeUp.Set();
        return true;
    }

    /// <summary>Lets the actor fail with an exception that was thrown elsewhere on its behalf.</summary>
    public void RequestFailure(Exception failure)
    {
        Requests.AddFailure(failure);
        WakeUp.Set();
    }

    /// <summary>Asks to see the actor's state; null when too many ask already.</summary>
    public Task<object?>? RequestInspection()
    {
        var inspection = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!Requests.TryAddInspection(inspection)) return null;
        WakeUp.Set();
        return inspection.Task;
    }

    /// <summary>Notes the count of messages for the rate, here and in all below.</summary>
    public void SampleRate(long timestamp)
    {
        _rate.Sample(timestamp, Volatile.Read(ref _processed));
        foreach (var child in Children.ToArray()) child.SampleRate(timestamp);
    }

    /// <summary>Returns what is to be seen of the actor and all below now. From any thread.</summary>
    public ActorNode Snapshot()
    {
        var state = State;
        var processed = Volatile.Read(ref _processed);
        var due = Interlocked.Read(ref _nextRestartTicks);
        return new ActorNode
        {
            Path = Path,
            Name = Name,
            Kind = Kind,
            State = state,
            Mailbox = Depth,
            Processed = processed,
            Rate = _rate.PerSecond(TimeProvider, processed),
            Replaced = Replaced,
            Restarts = _restarts,
            LastFailure = _failures is [.., var last] ? last : null,
            Failures = _failures,
            NextRestart = state == ActorState.Backoff && due > 0 ? new DateTimeOffset(due, TimeSpan.Zero) : null,
            Children = [.. Children.ToArray().Select(static child => child.Snapshot())],
        };
    }

    /// <summary>Returns what cancels the token of the incarnation that runs now; null when none runs.</summary>
    protected abstract Action? Interruption();

    protected abstract void CloseMailbox();

    protected abstract void ParkMailbox();

    protected void NoteProcessed() => Volatile.Write(ref _processed, _processed + 1);

    protected void NoteRestart() => _restarts++;

    protected void NoteFailure(Exception failure) =>
        _failures =
        [
            .. _failures.TakeLast(FailuresKept - 1),
            new ActorFailure(failure.GetType().Name, failure.Message, TimeProvider.GetUtcNow()),
        ];

    protected void NoteNextRestart(TimeSpan delay) =>
        Interlocked.Exchange(ref _nextRestartTicks, (TimeProvider.GetUtcNow() + delay).UtcTicks);

    /// <summary>The last step: out of the tree, name free.</summary>
    protected void Leave()
    {
        (Parent?.Children ?? System.Top).Remove(this);
        State = ActorState.Stopped;
        System.Events.Stopped(Path);
        _stopped.SetResult();
    }
}
