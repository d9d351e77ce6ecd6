namespace Feeds.Tests.Time;

/// <summary>
/// A clock that stands still until it is moved by hand. Timers fire inside <see cref="Advance"/>, on the caller's
/// thread,
/// one after another in the order of their due times, each at exactly its time. Safe from several threads.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now;
    private long _order;

    /// <summary>Creates a clock that stands at 2026-01-01 00:00:00 UTC.</summary>
    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Creates a clock that stands at a moment.</summary>
    public ManualTimeProvider(DateTimeOffset start) => _now = start.ToUniversalTime();

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that will fire some day: neither disposed nor stopped.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_gate) return _timers.Count;
        }
    }

    /// <summary>When the next timer is due; null when none is.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_gate) return Next()?.Due;
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock forward and fires what becomes due on the way, what that starts included.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        AdvanceTo(GetUtcNow() + by);
    }

    /// <summary>As <see cref="Advance"/>, up to a moment.</summary>
    public void AdvanceTo(DateTimeOffset time)
    {
        while (true)
        {
            ManualTimer? due;
            lock (_gate)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(time, _now);
                due = Next();
                if (due is null || due.Due > time)
                {
                    _now = time;
                    return;
                }
                if (due.Due > _now) _now = due.Due;
                if (due.Period > TimeSpan.Zero) Queue(due, due.Due + due.Period);
                else _timers.Remove(due);
            }
            due.Fire();
        }
    }

    private ManualTimer? Next() => _timers.Count == 0 ? null : _timers.MinBy(static timer => (timer.Due, timer.Order));

    private void Queue(ManualTimer timer, DateTimeOffset due)
    {
        timer.Due = due;
        timer.Order = _order++;
        if (!_timers.Contains(timer)) _timers.Add(timer);
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        public DateTimeOffset Due { get; set; }

        public long Order { get; set; }

        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                if (_disposed) return false;
                Period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) clock._timers.Remove(this);
                else clock.Queue(this, clock._now + dueTime);
                return true;
            }
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._gate)
            {
                _disposed = true;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
