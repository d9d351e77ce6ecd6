namespace Feeds.Binance.Limits;

/// <summary>
/// At most so many in any stretch of so much time: new connections (300 in 5 minutes), messages on one connection. Safe
/// for many threads.
/// </summary>
public sealed class SlidingBudget
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long[] _taken;
    private readonly TimeSpan _window;
    private int _next;
    private int _count;

    /// <summary>Makes a budget of <paramref name="limit"/> (at least 1) in any <paramref name="window"/>.</summary>
    public SlidingBudget(int limit, TimeSpan window, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero);
        _taken = new long[limit];
        _window = window;
        _time = time;
    }

    /// <summary>How many there may be in any stretch of the window.</summary>
    public int Limit => _taken.Length;

    /// <summary>How many were taken in the stretch that ends now.</summary>
    public int Used
    {
        get
        {
            lock (_lock)
            {
                Expire();
                return _count;
            }
        }
    }

    /// <summary>
    /// Returns the budget for new connections of one address: what the exchange allows, less a tenth.
    /// </summary>
    public static SlidingBudget ForConnections(TimeProvider time) => new(270, TimeSpan.FromMinutes(5), time);

    /// <summary>Takes one when there is one. Returns zero then, else how long it takes until there is.</summary>
    public TimeSpan TryTake()
    {
        lock (_lock)
        {
            Expire();
            if (_count < _taken.Length)
            {
                _taken[_next] = _time.GetTimestamp();
                _next = (_next + 1) % _taken.Length;
                _count++;
                return TimeSpan.Zero;
            }

            TimeSpan wait = _window - _time.GetElapsedTime(Oldest());
            return wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1);
        }
    }

    /// <summary>Waits until there is one and takes it. After a cancel none is taken.</summary>
    public async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan wait = TryTake();
            if (wait == TimeSpan.Zero)
            {
                return;
            }

            // Timers may ring a little early; a millisecond more spares a second turn.
            await Task.Delay(wait + TimeSpan.FromMilliseconds(1), _time, cancellationToken);
        }
    }

    private long Oldest() => _taken[(_next - _count + _taken.Length) % _taken.Length];

    private void Expire()
    {
        while (_count > 0 && _time.GetElapsedTime(Oldest()) >= _window)
        {
            _count--;
        }
    }
}
