namespace Feeds.Actors.Tree;

/// <summary>Messages per second over the last samples; sampled by the system, read from any thread.</summary>
internal sealed class RateMeter
{
    /// <summary>Samples that make up the window, one a second.</summary>
    public const int Samples = 10;

    private readonly Lock _gate = new();
    private readonly (long Timestamp, long Count)[] _ring = new (long, long)[Samples];
    private int _filled;
    private int _next;

    public RateMeter(long timestamp) => Sample(timestamp, 0);

    /// <summary>Notes the running count at a moment.</summary>
    public void Sample(long timestamp, long count)
    {
        lock (_gate)
        {
            _ring[_next] = (timestamp, count);
            _next = (_next + 1) % Samples;
            if (_filled < Samples) _filled++;
        }
    }

    /// <summary>Returns the rate from the oldest sample to now; 0 when no time has passed.</summary>
    public double PerSecond(TimeProvider timeProvider, long count)
    {
        lock (_gate)
        {
            var oldest = _ring[_filled < Samples ? 0 : _next];
            var seconds = timeProvider.GetElapsedTime(oldest.Timestamp).TotalSeconds;
            return seconds <= 0 ? 0 : (count - oldest.Count) / seconds;
        }
    }
}
