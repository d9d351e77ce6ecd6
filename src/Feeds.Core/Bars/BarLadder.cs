using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Core.Bars;

/// <summary>
/// Bars of several lengths out of one-minute bars: holes between them are filled (close carried, nothing traded),
/// longer bars are built from the repaired minutes, complete ones only. A longer bar may also come from the exchange,
/// for a time before the first minute; whichever comes first counts.
/// </summary>
/// <remarks>
/// With patience a bar that does not continue its minutes waits for what lies before it: until that came, until it is
/// declared that nothing more will, or until patience ends. So bars that were fetched for a hole, or before the first
/// live one, take their place whenever their answer comes.
/// </remarks>
internal sealed class BarLadder : ISavedState
{
    /// <summary>
    /// The longest hole that is filled, in bars: a month of minutes. Past it the symbol was not traded; the series go
    /// on with the next bar as if nothing lay between.
    /// </summary>
    private const int MaxFilled = 31 * 1440;

    /// <summary>How long a hole between minutes is waited for, ms.</summary>
    private const long HolePatienceMs = 10 * Bar.Minute;

    /// <summary>How long the history before the first minute is waited for, ms.</summary>
    private const long HistoryPatienceMs = 60 * Bar.Minute;

    private readonly Rung[] _rungs;
    private readonly Action<int, Bar> _closed;

    // By end, of bars that end together the longer first: it stands for minutes that may be missing.
    private readonly List<Bar> _waiting = [];
    private long _waitingSince;
    private long _declared;
    private long _declaredTime;
    private long _completeUntil;

    /// <summary>
    /// Makes a ladder whose first length is a minute; <paramref name="closed"/> gets each bar with its length's index.
    /// </summary>
    public BarLadder(ReadOnlySpan<int> lengthsMs, Action<int, Bar> closed)
    {
        _rungs = new Rung[lengthsMs.Length];
        for (int i = 0; i < lengthsMs.Length; i++)
        {
            _rungs[i] = new Rung(lengthsMs[i]);
        }

        _closed = closed;
    }

    /// <summary>
    /// True when bars that do not continue the minutes wait in <see cref="Settle"/>; false when they are taken at once.
    /// </summary>
    public bool IsPatient { get; set; }

    /// <summary>
    /// Where the history that was fetched for the first minutes begins, epoch ms; 0 before that, or when none was.
    /// </summary>
    public long WarmUpFrom { get; private set; }

    /// <summary>
    /// True when the ladder would take the bar: its length is known, it is newer than the newest and does not wait
    /// here.
    /// </summary>
    public bool Takes(Bar bar) => Find(bar.IntervalMs) is { } index && bar.OpenTime > _rungs[index].NewestOpen
        && _waiting.BinarySearch(bar, ByEnd.Instance) < 0;

    /// <summary>The newest closed bar's end of a length, epoch ms; 0 before the first.</summary>
    public long NewestEnd(int index) => _rungs[index].NewestOpen < 0
        ? 0 : _rungs[index].NewestOpen + _rungs[index].Builder.LengthMs;

    /// <summary>
    /// Where the hole begins that bars wait behind, epoch ms; 0 when none waits, or all wait for the first.
    /// </summary>
    public long HoleTime => _waiting.Count == 0 ? 0 : NewestEnd(0);

    /// <summary>Takes the next bar of its length; one that it would not take is passed over.</summary>
    public void Add(Bar bar)
    {
        if (!Takes(bar))
        {
            return;
        }

        if (IsPatient)
        {
            _waiting.Insert(~_waiting.BinarySearch(bar, ByEnd.Instance), bar);
            return;
        }

        Take(bar);
    }

    /// <summary>
    /// Declares that all bars that exist before <paramref name="toTime"/> came until <paramref name="receiveTime"/>;
    /// those of an empty ladder were fetched from <paramref name="fromTime"/> on. Epoch ms.
    /// </summary>
    public void Complete(long fromTime, long toTime, long receiveTime)
    {
        _declared = Math.Max(_declared, toTime);
        _declaredTime = Math.Max(_declaredTime, receiveTime);
        WarmUpFrom = NewestEnd(0) == 0 ? fromTime : WarmUpFrom;
    }

    /// <summary>Takes the bars that need not wait any longer at a time, epoch ms.</summary>
    public void Settle(long time)
    {
        // Records rest until their receive time: what a declaration speaks of is all here only then.
        _completeUntil = time >= _declaredTime ? _declared : _completeUntil;
        int taken = 0;
        while (taken < _waiting.Count && IsReady(_waiting[taken], time))
        {
            Bar bar = _waiting[taken++];
            if (bar.OpenTime > _rungs[Find(bar.IntervalMs)!.Value].NewestOpen)
            {
                Take(bar);
            }
        }

        _waiting.RemoveRange(0, taken);
        if (taken > 512)
        {
            _waiting.TrimExcess();
        }

        _waitingSince = _waiting.Count == 0 ? 0 : _waitingSince == 0 || taken > 0 ? time : _waitingSince;
    }

    /// <summary>
    /// Fills missing minutes up to an end that is later than the newest bar's: a later bar is known to exist.
    /// </summary>
    public void FillUntil(long end)
    {
        Rung rung = _rungs[0];
        while (rung.NewestOpen >= 0 && NewestEnd(0) < end && end - NewestEnd(0) <= (long)MaxFilled * Bar.Minute)
        {
            Close(0, Filled(NewestEnd(0), Bar.Minute, rung.NewestClose));
        }
    }

    public void Save(StateWriter writer)
    {
        foreach (Rung rung in _rungs)
        {
            writer.WriteInt64(rung.NewestOpen);
            writer.WriteDecimal(rung.NewestClose);
            rung.Builder.Save(writer);
        }

        writer.WriteInt64(WarmUpFrom);
        writer.WriteInt64(_declared);
        writer.WriteInt64(_declaredTime);
        writer.WriteInt64(_completeUntil);
        writer.WriteInt64(_waitingSince);
        writer.WriteInt32(_waiting.Count);
        foreach (Bar bar in _waiting)
        {
            SavedRecords.Write(writer, bar);
        }
    }

    public void Load(ref StateReader reader)
    {
        foreach (Rung rung in _rungs)
        {
            rung.NewestOpen = reader.ReadInt64();
            rung.NewestClose = reader.ReadDecimal();
            rung.Builder.Load(ref reader);
        }

        WarmUpFrom = reader.ReadInt64();
        _declared = reader.ReadInt64();
        _declaredTime = reader.ReadInt64();
        _completeUntil = reader.ReadInt64();
        _waitingSince = reader.ReadInt64();
        _waiting.Clear();
        int count = reader.ReadCount(64);
        for (int i = 0; i < count; i++)
        {
            _waiting.Add(SavedRecords.ReadBar(ref reader));
        }
    }

    private static Bar Filled(long openTime, int intervalMs, decimal close) =>
        new(openTime, intervalMs, close, close, close, close, 0, 0, 0, 0, 0, IsFilled: true);

    // A longer bar waits as a minute after a hole does: what it stands for may still come as minutes.
    private bool IsReady(Bar bar, long time) =>
        (bar.IntervalMs == Bar.Minute ? bar.OpenTime == NewestEnd(0)
            || bar.OpenTime <= _completeUntil : bar.EndTime <= _completeUntil)
        || (_waitingSince > 0 && time - _waitingSince >= (NewestEnd(0) == 0 ? HistoryPatienceMs : HolePatienceMs));

    private void Take(Bar bar)
    {
        int index = Find(bar.IntervalMs)!.Value;
        Rung rung = _rungs[index];
        long next = rung.NewestOpen + bar.IntervalMs;
        long missing = rung.NewestOpen < 0 ? 0 : (bar.OpenTime - next) / bar.IntervalMs;
        for (; missing is > 0 and <= MaxFilled && next < bar.OpenTime; next += bar.IntervalMs)
        {
            Close(index, Filled(next, bar.IntervalMs, rung.NewestClose));
        }

        Close(index, bar);
    }

    private void Close(int index, Bar bar)
    {
        _rungs[index].NewestOpen = bar.OpenTime;
        _rungs[index].NewestClose = bar.Close;
        _closed(index, bar);
        for (int longer = 1; index == 0 && longer < _rungs.Length; longer++)
        {
            if (_rungs[longer].Builder.Add(bar) is { } built && built.OpenTime > _rungs[longer].NewestOpen)
            {
                Close(longer, built);
            }
        }
    }

    private int? Find(int intervalMs)
    {
        int index = Array.FindIndex(_rungs, r => r.Builder.LengthMs == intervalMs);
        return index < 0 ? null : index;
    }

    private sealed class ByEnd : IComparer<Bar>
    {
        public static ByEnd Instance { get; } = new();

        public int Compare(Bar? x, Bar? y)
        {
            int order = x!.EndTime.CompareTo(y!.EndTime);
            return order != 0 ? order : y.IntervalMs.CompareTo(x.IntervalMs);
        }
    }

    private sealed class Rung(int lengthMs)
    {
        public BarBuilder Builder { get; } = new(lengthMs);

        public long NewestOpen { get; set; } = -1;

        public decimal NewestClose { get; set; }
    }
}
