namespace Feeds.Binance.Limits;

/// <summary>
/// Weight used per UTC clock minute: the larger of our own count and what the exchange says. Around the turn of a
/// minute both minutes count, since the clocks differ a little. Not safe for several threads.
/// </summary>
internal sealed class MinuteMeter
{
    private const long MinuteMs = 60_000;

    private readonly long _guardMs;
    private long _minute = -1;
    private int _previous;
    private int _current;

    public MinuteMeter(TimeSpan guard) => _guardMs = (long)guard.TotalMilliseconds;

    /// <summary>The weight that counts at an instant.</summary>
    public int Used(long time)
    {
        Turn(time);
        return time % MinuteMs < _guardMs ? _current + _previous : _current;
    }

    /// <summary>The weight of the running minute alone.</summary>
    public int UsedThisMinute(long time)
    {
        Turn(time);
        return _current;
    }

    public void Add(long time, int weight)
    {
        Turn(time);
        _current += weight;
    }

    /// <summary>Takes what the exchange said of a request that was sent and answered at these times.</summary>
    public void Observe(long sentTime, long answeredTime, int usedByExchange)
    {
        // Of an answer that came over the turn of a minute nobody knows which minute it speaks of.
        if (sentTime / MinuteMs == answeredTime / MinuteMs)
        {
            Turn(answeredTime);
            if (answeredTime / MinuteMs == _minute)
            {
                _current = Math.Max(_current, usedByExchange);
            }
        }
    }

    /// <summary>When used weight falls next, epoch ms.</summary>
    public long NextTurn(long time)
    {
        long start = time / MinuteMs * MinuteMs;
        return time < start + _guardMs ? start + _guardMs : start + MinuteMs;
    }

    private void Turn(long time)
    {
        long minute = time / MinuteMs;
        if (minute <= _minute)
        {
            return;
        }

        _previous = minute == _minute + 1 ? _current : 0;
        _current = 0;
        _minute = minute;
    }
}
