using Feeds.Core.Numerics;

namespace Feeds.Core.Windows;

/// <summary>
/// Liquidations by side in one-second buckets <c>(k−1 s, k s]</c> of event time. Only seconds that had one are kept, as
/// the exchange publishes at most one order per symbol and second and most seconds have none. Sums are taken afresh,
/// oldest first.
/// </summary>
public sealed class LiquidationWindow : ISavedState
{
    private readonly int _seconds;
    private readonly List<Bucket> _buckets = [];
    private long _newest;

    /// <summary>
    /// Makes a window that can be asked for up to <paramref name="seconds"/>, with a minute of slack.
    /// </summary>
    public LiquidationWindow(int seconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seconds);
        _seconds = seconds + 120;
    }

    /// <summary>The newest event's time, epoch ms; 0 before the first.</summary>
    public long NewestTime { get; private set; }

    /// <summary>Adds an order: event time in epoch ms, USD, and whether a long position was closed.</summary>
    public void Add(long eventTime, double usd, bool isLong)
    {
        long second = SecondWindow.SecondOf(eventTime);
        NewestTime = Math.Max(NewestTime, eventTime);
        _newest = Math.Max(_newest, second);
        int index = _buckets.Count;
        while (index > 0 && _buckets[index - 1].Second > second)
        {
            index--;
        }

        double longUsd = isLong ? usd : 0;
        double shortUsd = isLong ? 0 : usd;
        if (index > 0 && _buckets[index - 1].Second == second)
        {
            Bucket held = _buckets[index - 1];
            _buckets[index - 1] = new Bucket(
                second, Math.Max(held.LastTime, eventTime), held.LongUsd + longUsd, held.ShortUsd + shortUsd,
                held.Count + 1);
        }
        else
        {
            _buckets.Insert(index, new Bucket(second, eventTime, longUsd, shortUsd, 1));
        }

        Forget();
    }

    /// <summary>
    /// Returns what fell into <c>(endTime − seconds, endTime]</c>; <paramref name="endTime"/> is a whole second, epoch
    /// ms.
    /// </summary>
    public LiquidationTotals Totals(long endTime, int seconds)
    {
        long last = endTime / 1000;
        long first = last - seconds + 1;
        int index = _buckets.Count;
        while (index > 0 && _buckets[index - 1].Second >= first)
        {
            index--;
        }

        LiquidationTotals totals = default;
        for (; index < _buckets.Count && _buckets[index].Second <= last; index++)
        {
            Bucket bucket = _buckets[index];
            totals = new LiquidationTotals(
                totals.LongUsd + bucket.LongUsd, totals.ShortUsd + bucket.ShortUsd, totals.Count + bucket.Count,
                totals.Seconds + 1);
        }

        return totals;
    }

    /// <summary>The newest event's time at or before a whole second (epoch ms); 0 when there is none.</summary>
    public long LastAtOrBefore(long time)
    {
        for (int i = _buckets.Count - 1; i >= 0; i--)
        {
            if (_buckets[i].Second * 1000 <= time)
            {
                return _buckets[i].LastTime;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.WriteInt64(NewestTime);
        writer.WriteInt32(_buckets.Count);
        foreach (Bucket bucket in _buckets)
        {
            writer.WriteInt64(bucket.Second);
            writer.WriteInt64(bucket.LastTime);
            writer.WriteDouble(bucket.LongUsd);
            writer.WriteDouble(bucket.ShortUsd);
            writer.WriteInt32(bucket.Count);
        }
    }

    /// <inheritdoc/>
    public void Load(ref StateReader reader)
    {
        _buckets.Clear();
        _newest = 0;
        NewestTime = reader.ReadInt64();
        int count = reader.ReadCount(36);
        for (int i = 0; i < count; i++)
        {
            _buckets.Add(new Bucket(
                reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt32()));
            _newest = Math.Max(_newest, _buckets[^1].Second);
        }
    }

    private void Forget()
    {
        int old = 0;
        while (old < _buckets.Count - 1 && _buckets[old].Second <= _newest - _seconds)
        {
            old++;
        }

        // In lots, as each removal moves the rest.
        if (old > 256)
        {
            _buckets.RemoveRange(0, old);
        }
    }

    private readonly record struct Bucket(long Second, long LastTime, double LongUsd, double ShortUsd, int Count);
}
