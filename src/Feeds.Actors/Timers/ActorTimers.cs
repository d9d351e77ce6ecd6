namespace Feeds.Actors.Timers;

/// <summary>The timers of one incarnation, cancelled together when it ends.</summary>
internal sealed class ActorTimers(TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ActorTimer> _timers = [];
    private bool _closed;

    public IDisposable Add(TimeSpan delay, TimeSpan? period, Action fire)
    {
        var timer = new ActorTimer(this, fire, period is not null);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _timers.Add(timer);
        }
        timer.Start(timeProvider, delay, period ?? Timeout.InfiniteTimeSpan);
        return timer;
    }

    public void Forget(ActorTimer timer)
    {
        lock (_gate) _timers.Remove(timer);
    }

    public void CancelAll()
    {
        ActorTimer[] timers;
        lock (_gate)
        {
            _closed = true;
            timers = [.. _timers];
        }
        foreach (var timer in timers) timer.Dispose();
    }
}
