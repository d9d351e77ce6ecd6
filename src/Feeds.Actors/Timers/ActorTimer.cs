namespace Feeds.Actors.Timers;

/// <summary>A timer of one incarnation; disposing it cancels it. After that it tells nothing more.</summary>
internal sealed class ActorTimer : IDisposable
{
    private readonly ActorTimers _owner;
    private readonly Action _fire;
    private readonly bool _repeats;
    private ITimer? _timer;
    private volatile bool _cancelled;

    public ActorTimer(ActorTimers owner, Action fire, bool repeats)
    {
        _owner = owner;
        _fire = fire;
        _repeats = repeats;
    }

    public void Start(TimeProvider timeProvider, TimeSpan delay, TimeSpan period)
    {
        _timer = timeProvider.CreateTimer(
            static state => ((ActorTimer)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // Started only now: a timer that fires at once must find its own handle, to dispose it.
        _timer.Change(delay, _repeats ? period : Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _cancelled = true;
        _timer?.Dispose();
        _owner.Forget(this);
    }

    private void Fire()
    {
        if (_cancelled) return;
        if (!_repeats) Dispose();
        _fire();
    }
}
