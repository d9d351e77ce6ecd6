using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Core.Coverage;

/// <summary>
/// When one feed of a symbol was observed: from its beginning on, but for its holes. Kept as holes, so it is exact to
/// the millisecond and costs nothing while all is well.
/// </summary>
public sealed class FeedCoverage : ISavedState
{
    /// <summary>How far back holes are kept, ms: the longest window of a feature and a day.</summary>
    public const long KeptMs = 8L * 86_400_000;

    private const int MaxHoles = 4096;

    private readonly List<CoverageHole> _holes = [];
    private readonly long _holdMs;
    private long _lastObserved;
    private long _begin = long.MaxValue;
    private long _downSince;
    private string _downReason = string.Empty;
    private long _newest;

    /// <summary>Makes the coverage of a feed that was not observed yet.</summary>
    /// <param name="feed">Which feed.</param>
    /// <param name="holdMs">
    /// How long after an event the feed counts as observed; 0 for one that may be silent while it is well.
    /// </param>
    public FeedCoverage(Feed feed, long holdMs = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(holdMs);
        Feed = feed;
        _holdMs = holdMs;
    }

    /// <summary>Which feed.</summary>
    public Feed Feed { get; }

    /// <summary>True once it was observed at all.</summary>
    public bool HasBegun => _begin != long.MaxValue;

    /// <summary>From when on it was observed, epoch ms; <see cref="long.MaxValue"/> while it was not at all.</summary>
    public long BeginTime => _begin;

    /// <summary>The holes, oldest first; they may overlap.</summary>
    public IReadOnlyList<CoverageHole> Holes => _holes;

    /// <summary>The feed is observed from a time on, unless it was before.</summary>
    public void Begin(long time)
    {
        _newest = Math.Max(_newest, time);
        _begin = Math.Min(_begin, time);
    }

    /// <summary>
    /// An event of the feed came; for a feed that is never silent, the time since the last one may have been a hole.
    /// </summary>
    public void Observed(long time)
    {
        if (!HasBegun)
        {
            Begin(time);
        }

        if (_holdMs > 0 && _lastObserved > 0 && time - _lastObserved > _holdMs)
        {
            AddHole(new CoverageHole(_lastObserved + _holdMs, time, "stale", IsFilled: false));
        }

        _lastObserved = Math.Max(_lastObserved, time);
    }

    /// <summary>The feed is observed again, or for the first time.</summary>
    public void Connected(long time)
    {
        if (_downSince > 0)
        {
            AddHole(new CoverageHole(_downSince, time, _downReason, IsFilled: false));
            _downSince = 0;
            _downReason = string.Empty;
        }

        if (!HasBegun)
        {
            Begin(time);
        }
    }

    /// <summary>The feed ceased to be observed; one that never was stays so.</summary>
    public void Disconnected(long time, string reason)
    {
        if (HasBegun && _downSince == 0)
        {
            _downSince = time;
            _downReason = reason;
        }
    }

    /// <summary>A stretch was missed; an empty one, or one before the beginning, is passed over.</summary>
    public void AddHole(CoverageHole hole)
    {
        if (!HasBegun || hole.ToTime <= hole.FromTime || hole.ToTime <= _begin)
        {
            return;
        }

        _newest = Math.Max(_newest, hole.ToTime);
        if (_holes.Count > 0 && _holes[^1] is var last && last.ToTime == hole.FromTime && last.IsFilled == hole.IsFilled
            && string.Equals(last.Reason, hole.Reason, StringComparison.Ordinal))
        {
            _holes[^1] = last with { ToTime = hole.ToTime };
            return;
        }

        int index = _holes.Count;
        while (index > 0 && _holes[index - 1].FromTime > hole.FromTime)
        {
            index--;
        }

        _holes.Insert(index, hole);
        int old = 0;
        while (old < _holes.Count && (_holes[old].ToTime < _newest - KeptMs || _holes.Count - old > MaxHoles))
        {
            old++;
        }

        if (old > 0)
        {
            // What is forgotten was not covered; beginning later says so without knowing each hole.
            _begin = Math.Max(_begin, _holes[old - 1].ToTime);
            _holes.RemoveRange(0, old);
        }
    }

    /// <summary>
    /// Marks the holes after a time as filled: everything that was missed there came later and counts. A hole that
    /// begins before it stays one up to then.
    /// </summary>
    public void Fill(long afterTime)
    {
        for (int i = 0; i < _holes.Count; i++)
        {
            CoverageHole hole = _holes[i];
            if (hole.IsFilled || hole.ToTime <= afterTime)
            {
                continue;
            }

            if (hole.FromTime >= afterTime)
            {
                _holes[i] = hole with { IsFilled = true };
                continue;
            }

            _holes[i] = hole with { ToTime = afterTime };
            AddHole(hole with { FromTime = afterTime, IsFilled = true });
        }
    }

    /// <summary>
    /// Returns the observed milliseconds of <c>(fromTime, toTime]</c>; holes that were filled count as observed.
    /// </summary>
    public long CoveredMs(long fromTime, long toTime) => CoveredMs(fromTime, toTime, out _, out _);

    /// <summary>
    /// Returns the observed milliseconds of <c>(fromTime, toTime]</c>, and why the longest missing stretch is missing.
    /// </summary>
    public long CoveredMs(long fromTime, long toTime, out string reason, out bool isFilled)
    {
        reason = string.Empty;
        isFilled = false;
        if (!HasBegun || toTime <= _begin)
        {
            reason = "not_observed";
            return 0;
        }

        long longest = Math.Max(0, _begin - fromTime);
        reason = longest > 0 ? "not_observed" : reason;
        long position = Math.Max(fromTime, _begin);
        long covered = 0;
        (long downSince, string downReason) = OpenHole();
        bool isDown = downSince < toTime;

        // Holes begin in rising order; one that overlaps an earlier one only counts beyond it.
        for (int i = 0; i <= _holes.Count; i++)
        {
            bool isOpenEnd = i == _holes.Count;
            if (isOpenEnd && !isDown)
            {
                break;
            }

            CoverageHole hole = isOpenEnd
                ? new CoverageHole(downSince, toTime, downReason, IsFilled: false) : _holes[i];
            long from = Math.Max(hole.FromTime, position);
            long to = Math.Min(hole.ToTime, toTime);
            if (to <= from)
            {
                continue;
            }

            if (hole.IsFilled)
            {
                isFilled = true;
                continue;
            }

            covered += from - position;
            position = to;
            if (to - from > longest)
            {
                longest = to - from;
                reason = hole.Reason;
            }
        }

        return covered + Math.Max(0, toTime - position);
    }

    /// <summary>Returns the ledger's lines of the whole minutes in <c>[fromTime, toTime)</c>, oldest first.</summary>
    public IEnumerable<MinuteCoverage> Minutes(long fromTime, long toTime)
    {
        for (long minute = (fromTime + 59_999) / 60_000 * 60_000; minute + 60_000 <= toTime; minute += 60_000)
        {
            int covered = (int)CoveredMs(minute, minute + 60_000, out string reason, out bool isFilled);
            yield return new MinuteCoverage(Feed, minute, covered, covered == 60_000 ? string.Empty : reason, isFilled);
        }
    }

    /// <summary>
    /// Returns what was observed in windows that end at a time; of a feed whose newest event ends earlier, nothing
    /// after
    /// <paramref name="observedUntil"/> counts. Epoch ms.
    /// </summary>
    public FeedCoverageReport Report(long endTime, long observedUntil)
    {
        (long since, string reason) = OpenHole();
        IEnumerable<CoverageHole> open = since < endTime
            ? [new CoverageHole(since, endTime, reason, IsFilled: false)] : [];
        return new FeedCoverageReport(
            Feed,
            HasBegun ? _begin : 0,
            endTime,
            [.. CoverageLedger.Windows.Select(window => new CoverageWindow(
                window.Name, window.Ms, CoveredMs(endTime - window.Ms, Math.Min(endTime, observedUntil))))],
            [.. _holes, .. open]);
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.WriteInt64(_begin);
        writer.WriteInt64(_downSince);
        writer.WriteString(_downReason);
        writer.WriteInt64(_newest);
        writer.WriteInt64(_lastObserved);
        writer.WriteInt32(_holes.Count);
        foreach (CoverageHole hole in _holes)
        {
            writer.WriteInt64(hole.FromTime);
            writer.WriteInt64(hole.ToTime);
            writer.WriteString(hole.Reason);
            writer.WriteBoolean(hole.IsFilled);
        }
    }

    /// <inheritdoc/>
    public void Load(ref StateReader reader)
    {
        _holes.Clear();
        _begin = reader.ReadInt64();
        _downSince = reader.ReadInt64();
        _downReason = reader.ReadString() ?? string.Empty;
        _newest = reader.ReadInt64();
        _lastObserved = reader.ReadInt64();
        int count = reader.ReadCount(21);
        for (int i = 0; i < count; i++)
        {
            long from = reader.ReadInt64();
            long to = reader.ReadInt64();
            string reason = reader.ReadString() ?? string.Empty;
            _holes.Add(new CoverageHole(from, to, reason, reader.ReadBoolean()));
        }
    }

    // The hole that has no end yet: disconnected, or silent for longer than may be.
    private (long Since, string Reason) OpenHole()
    {
        long down = _downSince > 0 ? _downSince : long.MaxValue;
        long stale = _holdMs > 0 && _lastObserved > 0 ? _lastObserved + _holdMs : long.MaxValue;
        return down <= stale ? (down, _downReason) : (stale, "stale");
    }
}
