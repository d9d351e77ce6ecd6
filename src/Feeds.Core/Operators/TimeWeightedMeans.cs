using Feeds.Core.Numerics;

namespace Feeds.Core.Operators;

/// <summary>
/// Time-weighted means of several measures that hold from one event to the next, over windows of event time in whole
/// seconds. A value holds for a limited time only; what lies beyond is not covered, and so is a stretch in which the
/// measure was NaN. Sums are taken afresh over one-second buckets, so they do not drift. Memory: (seconds + slack) × (2
/// · measures + 1) numbers.
/// </summary>
public sealed class TimeWeightedMeans : ISavedState
{
    private readonly int _measures;
    private readonly int _size;
    private readonly long _holdMs;
    private readonly long[] _second;
    private readonly double[] _integral;
    private readonly int[] _coveredMs;
    private readonly double[] _held;
    private long _heldSince;

    /// <summary>Makes empty means.</summary>
    /// <param name="measures">How many measures there are.</param>
    /// <param name="seconds">The longest window.</param>
    /// <param name="slackSeconds">How far the newest event may be ahead of the time that is asked for.</param>
    /// <param name="holdMs">How long a value holds without a new one.</param>
    public TimeWeightedMeans(int measures, int seconds, int slackSeconds, long holdMs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(measures, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(seconds, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(slackSeconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(holdMs);
        _measures = measures;
        _size = seconds + slackSeconds + 1;
        _holdMs = holdMs;
        _second = new long[_size];
        _integral = new double[_size * measures];
        _coveredMs = new int[_size * measures];
        _held = new double[measures];
        Array.Fill(_second, -1);
        Array.Fill(_held, double.NaN);
    }

    /// <summary>
    /// Takes the measures that hold from an event time (epoch ms) on. An event before the last one only replaces its
    /// values.
    /// </summary>
    public void Add(long eventTime, ReadOnlySpan<double> values)
    {
        Close(eventTime);
        values[.._measures].CopyTo(_held);
        _heldSince = Math.Max(_heldSince, eventTime);
    }

    /// <summary>Ends what holds at a time (epoch ms): the source is known to be silent from there on.</summary>
    public void End(long time)
    {
        Close(time);
        Array.Fill(_held, double.NaN);
        _heldSince = Math.Max(_heldSince, time);
    }

    /// <summary>
    /// Returns the mean of a measure over <c>(endTime − seconds, endTime]</c>, NaN when nothing of it is covered;
    /// <paramref name="endTime"/> is a whole second in epoch ms, <paramref name="coverage"/> the covered share of the
    /// window, 0…1.
    /// </summary>
    public double Mean(int measure, long endTime, int seconds, out double coverage)
    {
        double[] means = new double[_measures];
        double[] coverages = new double[_measures];
        Read(endTime, seconds, means, coverages);
        coverage = coverages[measure];
        return means[measure];
    }

    /// <summary>
    /// Writes the means and the covered shares of all measures over <c>(endTime − seconds, endTime]</c>.
    /// </summary>
    public void Read(long endTime, int seconds, Span<double> means, Span<double> coverages)
    {
        means[.._measures].Clear();
        coverages[.._measures].Clear();
        long last = endTime / 1000;
        long first = Math.Max(1, last - seconds + 1);
        int slot = (int)(first % _size);
        for (long second = first; second <= last; second++)
        {
            if (_second[slot] == second)
            {
                for (int m = 0; m < _measures; m++)
                {
                    means[m] += _integral[(slot * _measures) + m];
                    coverages[m] += _coveredMs[(slot * _measures) + m];
                }
            }

            slot = slot + 1 == _size ? 0 : slot + 1;
        }

        // What is held now counts up to the end of the window without being stored: a later event may still end it
        // earlier.
        long from = Math.Max(_heldSince, endTime - (seconds * 1000L));
        long until = Math.Min(endTime, _heldSince + _holdMs);
        for (int m = 0; m < _measures; m++)
        {
            if (until > from && !double.IsNaN(_held[m]))
            {
                means[m] += _held[m] * (until - from);
                coverages[m] += until - from;
            }

            means[m] = coverages[m] > 0 ? means[m] / coverages[m] : double.NaN;
            coverages[m] /= seconds * 1000.0;
        }
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.WriteInt64(_heldSince);
        writer.WriteDoubles(_held);
        int used = 0;
        foreach (long second in _second)
        {
            used += second >= 0 ? 1 : 0;
        }

        writer.WriteInt32(used);
        for (int slot = 0; slot < _size; slot++)
        {
            if (_second[slot] < 0)
            {
                continue;
            }

            writer.WriteInt64(_second[slot]);
            for (int i = slot * _measures; i < (slot + 1) * _measures; i++)
            {
                writer.WriteDouble(_integral[i]);
                writer.WriteInt32(_coveredMs[i]);
            }
        }
    }

    /// <inheritdoc/>
    public void Load(ref StateReader reader)
    {
        _heldSince = reader.ReadInt64();
        reader.ReadDoubles(_held);
        Array.Fill(_second, -1);
        Array.Clear(_integral);
        Array.Clear(_coveredMs);
        int used = reader.ReadCount(sizeof(long) + (_measures * (sizeof(double) + sizeof(int))));
        for (int n = 0; n < used; n++)
        {
            long second = reader.ReadInt64();
            if (second < 0)
            {
                throw new StateFormatException($"saved state: second {second}");
            }

            int slot = (int)(second % _size);
            _second[slot] = second;
            for (int i = slot * _measures; i < (slot + 1) * _measures; i++)
            {
                _integral[i] = reader.ReadDouble();
                _coveredMs[i] = reader.ReadInt32();
            }
        }
    }

    // Stores what was held over (since, time], at most as long as a value holds, in the buckets of its seconds.
    private void Close(long time)
    {
        long until = Math.Min(time, _heldSince + _holdMs);
        long from = _heldSince;
        while (from < until)
        {
            long second = (from / 1000) + 1;
            long end = Math.Min(until, second * 1000);
            int slot = (int)(second % _size);
            if (_second[slot] != second)
            {
                _second[slot] = second;
                Array.Clear(_integral, slot * _measures, _measures);
                Array.Clear(_coveredMs, slot * _measures, _measures);
            }

            Span<double> integral = _integral.AsSpan(slot * _measures, _held.Length);
            Span<int> coveredMs = _coveredMs.AsSpan(slot * _measures, _held.Length);
            for (int m = 0; m < _held.Length; m++)
            {
                if (!double.IsNaN(_held[m]))
                {
                    integral[m] += _held[m] * (end - from);
                    coveredMs[m] += (int)(end - from);
                }
            }

            from = end;
        }
    }
}
