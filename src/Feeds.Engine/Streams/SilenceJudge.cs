using Feeds.Binance.Streams;
using Feeds.Binance.Wire;

namespace Feeds.Engine.Streams;

/// <summary>
/// Tells quiet from dead for the streams of one connection. It is asked about once a second, and counts only time in
/// which data could have been seen: not before the streams were asked for, not while the node itself did not read or
/// look. Pure: time and what was heard come with each call.
/// </summary>
internal sealed class SilenceJudge
{
    // A look that comes so late tells that the process stood still; the exchange's data stood still with it.
    private const long LookLateMs = 3_000;

    // Streams with a limit up to this speak often: when all of them are silent, it is not the streams.
    private const long LivelyMs = 20_000;

    // Data so soon after a stream was asked for again came because of that.
    private const long CureMs = 3_000;

    private const long FirstPauseMs = 10_000;
    private const long LongestPauseMs = 300_000;

    private readonly Dictionary<StreamName, StreamWatch> _watches = [];
    private long _lookTime;

    /// <summary>The streams that are judged.</summary>
    public IReadOnlyCollection<StreamWatch> Watches => _watches.Values;

    /// <summary>Watches a stream from now on; one whose silence says nothing is left out.</summary>
    public void Add(StreamName stream, int symbolIndex, long now)
    {
        if (GapPrior.Of(stream.Kind) is { } prior && symbolIndex >= 0
            && !(_watches.TryGetValue(stream, out StreamWatch? known) && known.SymbolIndex == symbolIndex))
        {
            _watches[stream] = new StreamWatch(stream, symbolIndex, prior) { CountedFrom = now };
        }
    }

    /// <summary>Watches a stream no longer.</summary>
    public void Remove(StreamName stream) => _watches.Remove(stream);

    /// <summary>
    /// Begins anew: the streams were asked for on a new connection at <paramref name="now"/>. What was learned holds.
    /// </summary>
    public void Opened(long now)
    {
        Excuse(now);
        foreach (StreamWatch watch in _watches.Values)
        {
            watch.MutedTime = 0;
            watch.Attempts = 0;
            watch.IsBeingAskedFor = false;
        }
    }

    /// <summary>
    /// Goes on upon a connection that asked for all streams itself, and had them acknowledged at
    /// <paramref name="answeredTime"/>: that the one before was still asking for some is of no account any more.
    /// </summary>
    public void TookOver(long answeredTime)
    {
        foreach (StreamWatch watch in _watches.Values.Where(static watch => watch.IsBeingAskedFor))
        {
            watch.IsBeingAskedFor = false;
            watch.AnsweredTime = Math.Max(watch.AnsweredTime, answeredTime);
        }
    }

    /// <summary>
    /// Silence counts from <paramref name="now"/> on: until now nothing was read, for a reason of our own.
    /// </summary>
    public void Excuse(long now)
    {
        _lookTime = now;
        foreach (StreamWatch watch in _watches.Values)
        {
            watch.CountedFrom = now;
            watch.Model.Restart();
        }
    }

    /// <summary>Looks at all streams.</summary>
    /// <param name="now">Epoch ms.</param>
    /// <param name="heard">When the newest data of a stream came, epoch ms; 0 when none did.</param>
    /// <param name="isExpected">False for a symbol that the exchange does not trade: its silence is normal.</param>
    public SilenceFindings Look(long now, Func<StreamKind, int, long> heard, Func<StreamName, bool> isExpected)
    {
        if (now - _lookTime > LookLateMs)
        {
            Excuse(now);
        }

        _lookTime = now;
        List<StreamWatch>? muted = null;
        List<StreamWatch>? due = null;
        List<StreamWatch>? back = null;
        long newest = 0;
        long shortest = long.MaxValue;
        bool livelySilent = true;
        foreach (StreamWatch watch in _watches.Values)
        {
            long last = heard(watch.Name.Kind, watch.SymbolIndex);
            newest = Math.Max(newest, last);
            if (!isExpected(watch.Name))
            {
                watch.CountedFrom = now;
                watch.Model.Restart();
                if (watch.IsMuted)
                {
                    watch.MutedTime = 0;
                    (back ??= []).Add(watch);
                }

                continue;
            }

            // That silence was excused just now says something of a connection only for a stream that should speak.
            newest = Math.Max(newest, watch.CountedFrom);
            if (watch.IsMuted)
            {
                if (watch.IsBeingAskedFor)
                {
                    // Given up, and not had again yet: what comes now was sent before, and does not say that it lives.
                }
                else if (last > watch.MutedTime)
                {
                    (back ??= []).Add(watch);
                    Return(watch, last);
                }
                else
                {
                    IsDue(watch, now, ref due);
                }

                continue;
            }

            if (last > watch.LastDataTime)
            {
                watch.LastDataTime = last;
                watch.Model.Heard(last);
            }

            long limit = watch.Model.LimitMs;
            bool isSilent = now - Math.Max(last, watch.CountedFrom) > limit;
            shortest = Math.Min(shortest, limit);
            livelySilent &= isSilent || limit > LivelyMs;
            if (isSilent)
            {
                (muted ??= []).Add(watch);
            }
        }

        if (muted is not null && livelySilent && now - newest > shortest)
        {
            return SilenceFindings.Dead;
        }

        foreach (StreamWatch watch in muted ?? [])
        {
            watch.MutedTime = now;
            watch.MutedLimitMs = watch.Model.LimitMs;
            watch.Attempts = 0;
            watch.AttemptTime = 0;
            IsDue(watch, now, ref due);
        }

        return muted is null && due is null && back is null
            ? SilenceFindings.None
            : new SilenceFindings(false, muted ?? [], due ?? [], back ?? []);
    }

    private static void IsDue(StreamWatch watch, long now, ref List<StreamWatch>? due)
    {
        long pause = watch.Attempts == 0
            ? 0 : Math.Min(FirstPauseMs << Math.Min(watch.Attempts - 1, 8), LongestPauseMs);
        if (now - watch.AttemptTime >= pause)
        {
            watch.Attempts++;
            watch.AttemptTime = now;
            (due ??= []).Add(watch);
        }
    }

    private static void Return(StreamWatch watch, long last)
    {
        bool cured = last - watch.AttemptTime <= CureMs;
        watch.Model.HeardAgain(last, watch.MutedLimitMs, cured);
        watch.MutedTime = 0;
    }
}
