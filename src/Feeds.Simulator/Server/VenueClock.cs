namespace Feeds.Simulator.Server;

/// <summary>The venue's own time: the clock's, shifted and sped up as the options say.</summary>
internal sealed class VenueClock
{
    private readonly TimeProvider _time;
    private readonly double _speed;
    private readonly long _from;
    private readonly long _start;

    public VenueClock(VenueTwinOptions options, TimeProvider time)
    {
        _time = time;
        _speed = options.Speed;
        _from = time.GetUtcNow().ToUnixTimeMilliseconds();
        _start = (options.StartTime?.ToUnixTimeMilliseconds() ?? _from) + (long)options.ClockOffset.TotalMilliseconds;
    }

    /// <summary>The venue's present, epoch ms.</summary>
    public long Now => _start + (long)((_time.GetUtcNow().ToUnixTimeMilliseconds() - _from) * _speed);
}
