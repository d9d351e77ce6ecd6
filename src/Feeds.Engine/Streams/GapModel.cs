namespace Feeds.Engine.Streams;

/// <summary>
/// How long one stream may be silent, learned from its own past. Two things are remembered, both fading: the longest
/// gap seen, and the share of seconds without a message, from which follows how many empty seconds in a row are as good
/// as impossible. The expected gap is the larger of the longest seen and a third of that run; three expected gaps, and
/// at least five seconds, are dead. Pure: time comes with each call.
/// </summary>
internal sealed class GapModel(GapPrior prior)
{
    /// <summary>No stream is called dead sooner, ms.</summary>
    public const long LeastMs = 5_000;

    // A burst is forgotten more slowly than it passes: else the quiet after it would be called dead.
    private const double LongestHalfLifeMs = 3_600_000;
    private const double ShareHalfLifeMs = 900_000;

    // A run of empty seconds with odds of one in a million, were they independent; that they are not is the longest
    // gap's matter.
    private const double LogOdds = 13.8;

    private double _longestMs;
    private double _seconds;
    private double _empty;
    private long _lastTime;

    /// <summary>
    /// When the newest data came that the model knows of, epoch ms; 0 before the first or after a restart.
    /// </summary>
    public long LastTime => _lastTime;

    /// <summary>The gap that is rarely exceeded, ms; a third of <see cref="LimitMs"/>.</summary>
    public double ExpectedMs => LimitMs / 3.0;

    /// <summary>A longer silence is called dead, ms; at least <see cref="LeastMs"/>.</summary>
    public long LimitMs
    {
        get
        {
            if (_seconds < prior.LearnSeconds)
            {
                return Math.Max(LeastMs, prior.FirstMs);
            }

            double run = 1000 * LogOdds / Math.Log((_seconds + 2) / (_empty + 1));
            return (long)Math.Clamp(Math.Max(3 * _longestMs, run), LeastMs, prior.LongestMs);
        }
    }

    /// <summary>
    /// Takes in that data came at <paramref name="time"/>, the newest of perhaps several since the last call.
    /// </summary>
    public void Heard(long time)
    {
        if (time <= _lastTime)
        {
            return;
        }

        if (_lastTime > 0)
        {
            Learn(time - _lastTime, time - _lastTime);
        }

        _lastTime = time;
    }

    /// <summary>
    /// Takes in that data came again after a silence that was called dead at <paramref name="limitMs"/>. A real outage
    /// teaches nothing; after a false alarm the limit has to grow, but no further than it was known to be too small.
    /// </summary>
    public void HeardAgain(long time, long limitMs, bool wasReal)
    {
        if (_lastTime > 0 && !wasReal)
        {
            Learn(Math.Min(time - _lastTime, limitMs), time - _lastTime);
        }

        _lastTime = Math.Max(_lastTime, time);
    }

    /// <summary>Begins anew after a break in which nothing could come; what was learned holds.</summary>
    public void Restart() => _lastTime = 0;

    private void Learn(double gapMs, double elapsedMs)
    {
        _longestMs = Math.Max(_longestMs * Math.Pow(0.5, elapsedMs / LongestHalfLifeMs), gapMs);
        double fade = Math.Pow(0.5, elapsedMs / ShareHalfLifeMs);
        double seconds = Math.Max(1, gapMs / 1000);
        _seconds = (_seconds * fade) + seconds;
        _empty = (_empty * fade) + seconds - 1;
    }
}
