namespace Feeds.Binance.Limits;

/// <summary>Requests in any stretch of five minutes, as times in a ring. Not safe for several threads.</summary>
internal sealed class WindowMeter
{
    private const long WindowMs = 5 * 60_000;

    private readonly long[] _times;
    private int _next;
    private int _count;

    public WindowMeter(int limit) => _times = new long[limit];

    public int Limit => _times.Length;

    public int Used(long time)
    {
        while (_count > 0 && Oldest() + WindowMs <= time)
        {
            _count--;
        }

        return _count;
    }

    public void Add(long time)
    {
        _times[_next] = time;
        _next = (_next + 1) % _times.Length;
        _count = Math.Min(_count + 1, _times.Length);
    }

    /// <summary>When the use falls to at most <paramref name="allowed"/>, epoch ms.</summary>
    public long WhenAtMost(int allowed, long time)
    {
        int used = Used(time);
        return used <= allowed ? time : _times[(_next - allowed - 1 + (2 * _times.Length)) % _times.Length] + WindowMs;
    }

    private long Oldest() => _times[(_next - _count + _times.Length) % _times.Length];
}
