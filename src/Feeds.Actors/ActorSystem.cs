using Feeds.Actors.Mailboxes;
using Feeds.Actors.Tree;

namespace Feeds.Actors;

/// <summary>A tree of actors on one clock. Safe from any thread.</summary>
public sealed class ActorSystem : IAsyncDisposable
{
    private static readonly TimeSpan DisposeTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SamplePeriod = TimeSpan.FromSeconds(1);

    private readonly GuardedEvents _events;
    private readonly ITimer _sampler;

    /// <summary>Creates an empty tree.</summary>
    /// <param name="name">The name of the tree's root, for people.</param>
    /// <param name="timeProvider">All time in the tree: timers, backoff, windows, time-outs.</param>
    /// <param name="events">Who is told what happens; null for nobody.</param>
    /// <param name="seed">Where the chance in backoff delays begins; each actor draws its own by its path.</param>
    public ActorSystem(string name, TimeProvider timeProvider, IActorEvents? events = null, int seed = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(timeProvider);
        Name = name;
        TimeProvider = timeProvider;
        Seed = seed;
        _events = new GuardedEvents(events);
        _sampler = timeProvider.CreateTimer(_ => SampleRates(), null, SamplePeriod, SamplePeriod);
    }

    /// <summary>The name of the tree's root.</summary>
    public string Name { get; }

    /// <summary>All time in the tree.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>Messages that were not delivered.</summary>
    public DeadLetters DeadLetters { get; } = new();

    /// <summary>How often the observer threw.</summary>
    public long ObserverFailures => _events.Failures;

    internal int Seed { get; }

    internal IActorEvents Events => _events;

    internal ChildSet Top { get; } = new();

    /// <summary>Creates an actor at the top of the tree. It starts on its own; its messages wait meanwhile.</summary>
    /// <param name="props">The recipe.</param>
    /// <param name="name">Unique among the living ones at the top; not empty, without '/' and control
    /// characters.</param>
    /// <exception cref="ActorNameException">The name cannot be given, or the system is stopping.</exception>
    public ActorRef<TMessage> ActorOf<TMessage>(Props<TMessage> props, string name) => Create(null, props, name);

    /// <summary>Asks an actor to stop; does not wait: see <see cref="IActorRef.Stopped"/>.</summary>
    public void Stop(IActorRef actor, StopMode mode = StopMode.Now)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (actor.Cell.System != this)
            throw new ArgumentException($"{actor.Path} is not of this system.", nameof(actor));
        actor.Cell.RequestStop(mode);
    }

    /// <summary>
    /// Returns what is to be seen of all actors now, while they run: a node for the system, actors below.
    /// </summary>
    public ActorNode Tree() => new()
    {
        Path = "",
        Name = Name,
        Kind = "system",
        State = ActorState.Running,
        Children = [.. Top.ToArray().Select(static cell => cell.Snapshot())],
    };

    /// <summary>
    /// Asks the actor at a path to restart now: a running one gets a new instance, one in backoff does not wait longer,
    /// a
    /// parked or stopped one comes back. Earlier failures are forgotten. False when no such actor lives or it is on its
    /// way out.
    /// </summary>
    public bool TryRestart(string path) => Find(path)?.RequestRestart() ?? false;

    /// <summary>
    /// An operator's stop of the actor at a path: what is in its mailbox is worked off, its children are stopped, and
    /// it rests in the tree as Stopped, what is told to it being dead letters, until <see cref="TryRestart"/>.
    /// False when no such actor lives or it is on its way out.
    /// </summary>
    public bool TryStop(string path) => Find(path)?.RequestRest() ?? false;

    /// <summary>
    /// Returns what the actor at a path shows of its state, taken between two of its messages; null when it shows
    /// nothing, or has no instance because it is in backoff or parked.
    /// </summary>
    /// <exception cref="ActorNotFoundException">No such actor lives.</exception>
    /// <exception cref="AskTimeoutException">It did not get to it in time, or too many ask already.</exception>
    public async Task<object?> InspectAsync(
        string path, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var cell = Find(path) ?? throw new ActorNotFoundException(path);
        var inspection = cell.RequestInspection() ?? throw new AskTimeoutException(path, TimeSpan.Zero);
        try
        {
            await Task.WhenAny(inspection, cell.Stopped).WaitAsync(timeout, TimeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new AskTimeoutException(path, timeout);
        }
        return inspection.IsCompleted ? await inspection : throw new ActorNotFoundException(path);
    }

    /// <summary>
    /// Stops the whole tree: the top-level actors one after another, the newest first, each drained, its children
    /// before
    /// itself. What has not stopped in time is then stopped without draining, and not waited for. A cancel
    /// ends the time.
    /// </summary>
    /// <returns>The paths that had not stopped in time; empty when all went well.</returns>
    public async Task<IReadOnlyList<string>> StopAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Top.Close();
        var started = TimeProvider.GetTimestamp();
        try
        {
            foreach (var cell in Top.ToArray().Reverse())
            {
                cell.RequestStop(StopMode.Drained);
                var left = timeout - TimeProvider.GetElapsedTime(started);
                await cell.Stopped.WaitAsync(
                    left > TimeSpan.Zero ? left : TimeSpan.Zero, TimeProvider, cancellationToken);
            }
        }
        catch (Exception ended) when (ended is TimeoutException or OperationCanceledException)
        {
            // Told to the caller by the paths below.
        }
        await _sampler.DisposeAsync();
        var late = Top.ToArray();
        foreach (var cell in late) cell.RequestStop(StopMode.Now);
        return [.. late.SelectMany(static cell => PathsBelow(cell.Snapshot()))];
    }

    /// <summary>As <see cref="StopAsync"/> with half a minute.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(DisposeTimeout);

    internal ActorRef<TMessage> Create<TMessage>(ActorCell? parent, Props<TMessage> props, string name)
    {
        ArgumentNullException.ThrowIfNull(props);
        ArgumentNullException.ThrowIfNull(name);
        props.Supervision.Validate();
        if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal) || name.Any(char.IsControl))
            throw new ActorNameException(ActorCell.PathOf(parent, name), "empty, or has '/' or a control character");
        var loop = new ActorLoop<TMessage>(this, parent, name, props);
        if ((parent?.Children ?? Top).TryAdd(loop) is { } refusal) throw new ActorNameException(loop.Path, refusal);
        loop.Start();
        return loop.Self;
    }

    internal void AddDeadLetter(string path, string messageType, DeadLetterReason reason)
    {
        var letter = new DeadLetter(path, messageType, reason, TimeProvider.GetUtcNow());
        DeadLetters.Add(letter);
        _events.DeadLetter(letter);
    }

    private static IEnumerable<string> PathsBelow(ActorNode node) =>
        node.Children.SelectMany(PathsBelow).Prepend(node.Path);

    private ActorCell? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ActorCell? found = null;
        var among = Top;
        foreach (var name in path.Split('/'))
        {
            found = among.Find(name);
            if (found is null) return null;
            among = found.Children;
        }
        return found;
    }

    private void SampleRates()
    {
        var now = TimeProvider.GetTimestamp();
        foreach (var cell in Top.ToArray()) cell.SampleRate(now);
    }
}
