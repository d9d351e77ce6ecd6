using Feeds.Actors.Timers;

namespace Feeds.Actors;

/// <summary>One instance of an actor with what belongs to it alone: its token, timers and background work.</summary>
internal sealed class Incarnation<TMessage> : IDisposable
{
    // Long enough for a socket to close, short enough that a stuck one does not hold an actor for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ActorLoop<TMessage> _cell;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _works = [];
    private Task? _cancelling;

    public Incarnation(ActorLoop<TMessage> cell)
    {
        _cell = cell;
        Stopping = _stopping.Token;
        Timers = new ActorTimers(cell.TimeProvider);
    }

    /// <summary>The instance; null until the factory has made it.</summary>
    public Actor<TMessage>? Actor { get; private set; }

    public CancellationToken Stopping { get; }

    public ActorTimers Timers { get; }

    public ActorLoop<TMessage> Cell => _cell;

    public void Create(Func<Actor<TMessage>> factory)
    {
        Actor = factory();
        Actor.Attach(new ActorContext<TMessage>(this));
    }

    /// <summary>Cancels the token; its callbacks run elsewhere, so that they cannot hold up who asks.</summary>
    public void Cancel()
    {
        lock (_gate) _cancelling ??= _stopping.CancelAsync();
    }

    /// <summary>Runs work beside the messages; a throw of the work itself fails the actor.</summary>
    public void Run(Func<CancellationToken, Task> work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_cancelling is not null, this);
            var running = Task.Run(() => GuardAsync(work), CancellationToken.None);
            _works.Add(running);
            running.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Cancels token and timers, stops the children and waits for background work.</summary>
    public async Task FinishAsync(StopMode childrenMode)
    {
        Cancel();
        Timers.CancelAll();
        await _cell.Children.StopAllAsync(childrenMode);
        try
        {
            await _cancelling!;
        }
#pragma warning disable CA1031 // Boundary: callbacks on the token are the actor's; what they throw is reported.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _cell.System.Events.HookFailed(_cell.Path, "Stopping token", failure);
        }
        await WorksAsync();
    }

    public void Dispose() => _stopping.Dispose();

    private async Task WorksAsync()
    {
        Task[] works;
        lock (_gate) works = [.. _works];
        if (works.Length == 0) return;
        try
        {
            await Task.WhenAll(works).WaitAsync(Patience, _cell.TimeProvider);
        }
        catch (TimeoutException)
        {
            _cell.System.Events.WorkAbandoned(_cell.Path, works.Count(static work => !work.IsCompleted));
        }
    }

    private async Task GuardAsync(Func<CancellationToken, Task> work)
    {
        try
        {
            await work(Stopping);
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            // The normal end of work whose incarnation ends.
        }
#pragma warning disable CA1031 // Boundary: whatever background work throws is the actor's failure.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (Stopping.IsCancellationRequested)
                _cell.System.Events.HookFailed(_cell.Path, "Background work", failure);
            else _cell.RequestFailure(failure);
        }
    }

    private void Forget(Task work)
    {
        lock (_gate) _works.Remove(work);
    }
}
