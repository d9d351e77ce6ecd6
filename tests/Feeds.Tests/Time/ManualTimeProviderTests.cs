using Xunit;

namespace Feeds.Tests.Time;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void Timers_fire_in_the_order_of_their_due_times_at_exactly_their_time()
    {
        var start = _clock.GetUtcNow();
        var fired = new List<(string Name, double Seconds)>();
        void Note(string name) => fired.Add((name, (_clock.GetUtcNow() - start).TotalSeconds));
        _clock.CreateTimer(_ => Note("late"), null, TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        _clock.CreateTimer(_ => Note("repeating"), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal([("repeating", 1), ("late", 3), ("repeating", 3)], fired);
        Assert.Equal(start.AddSeconds(4), _clock.GetUtcNow());
        Assert.Equal(1, _clock.PendingTimers);
    }

    [Fact]
    public void A_timer_that_is_started_by_another_fires_in_the_same_advance()
    {
        var fired = false;
        _clock.CreateTimer(
            _ => _clock.CreateTimer(_ => fired = true, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan),
            null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(fired);
    }

    [Fact]
    public void A_disposed_or_stopped_timer_does_not_fire()
    {
        var disposed = _clock.CreateTimer(_ => Assert.Fail("disposed"), null, TimeSpan.FromSeconds(1), TimeSpan.Zero);
        var stopped = _clock.CreateTimer(_ => Assert.Fail("stopped"), null, TimeSpan.FromSeconds(1), TimeSpan.Zero);
        disposed.Dispose();
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(disposed.Change(TimeSpan.Zero, TimeSpan.Zero));
    }

    [Fact]
    public async Task Delays_and_time_outs_of_the_framework_follow_the_clock()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(30), _clock);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40), _clock);
        var stamp = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(30));
        await delay;
        Assert.Equal(TimeSpan.FromSeconds(30), _clock.GetElapsedTime(stamp));
        Assert.False(limit.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(limit.IsCancellationRequested);
    }
}
