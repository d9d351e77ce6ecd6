namespace Feeds.Actors.Supervision;

/// <summary>
/// The restarts of one actor: how many in a row, how many within the window. Used on the actor's loop alone.
/// </summary>
internal sealed class RestartLedger(SupervisorStrategy strategy, TimeProvider timeProvider, Random random)
{
    private readonly Queue<long> _restarts = new();
    private int _failuresInARow;
    private long _healthySince;

    /// <summary>Notes that an instance takes messages from now on.</summary>
    public void Started() => _healthySince = timeProvider.GetTimestamp();

    /// <summary>Forgets everything, as after an operator's restart.</summary>
    public void Clear()
    {
        _restarts.Clear();
        _failuresInARow = 0;
    }

    /// <summary>Notes a failure and returns the delay before the restart; null when the restarts are used up.</summary>
    /// <param name="running">True when the failed instance had taken messages, false when it failed to start.</param>
    public TimeSpan? Fail(bool running)
    {
        var now = timeProvider.GetTimestamp();
        if (running && timeProvider.GetElapsedTime(_healthySince, now) >= strategy.HealthyAfter) _failuresInARow = 0;
        while (_restarts.TryPeek(out var oldest) && timeProvider.GetElapsedTime(oldest, now) >= strategy.Window)
            _restarts.Dequeue();
        if (_restarts.Count >= strategy.MaxRestarts) return null;
        if (strategy.MaxRestarts is not null) _restarts.Enqueue(now);
        return strategy.Backoff.Delay(++_failuresInARow, random);
    }
}
