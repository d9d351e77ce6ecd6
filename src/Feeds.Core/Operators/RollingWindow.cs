using Feeds.Core.Numerics;

namespace Feeds.Core.Operators;

/// <summary>The last n values themselves, for measures that have to look at each of them. Memory: n doubles.</summary>
public sealed class RollingWindow : ISavedState
{
    private readonly double[] _values;
    private int _next;
    private int _count;

    /// <summary>Makes a window of <paramref name="length"/> values, at least 1.</summary>
    public RollingWindow(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        _values = new double[length];
    }

    /// <summary>How many values it holds, at most its length.</summary>
    public int Count => _count;

    /// <summary>True when as many values as its length were seen.</summary>
    public bool IsFull => _count == _values.Length;

    /// <summary>The value <paramref name="age"/> steps ago, 0 for the newest; below <see cref="Count"/>.</summary>
    public double this[int age]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)age, (uint)_count, nameof(age));
            int index = _next - 1 - age;
            return _values[index < 0 ? index + _values.Length : index];
        }
    }

    /// <summary>Takes the next value, NaN included.</summary>
    public void Add(double value)
    {
        _values[_next] = value;
        _next = _next + 1 == _values.Length ? 0 : _next + 1;
        _count = Math.Min(_count + 1, _values.Length);
    }

    /// <summary>
    /// Share of the values that are at most the newest one, 1/n…1; NaN until full and with a NaN inside.
    /// </summary>
    public double Percentile()
    {
        if (!IsFull)
        {
            return double.NaN;
        }

        double newest = this[0];
        int atMost = 0;
        foreach (double value in _values)
        {
            if (double.IsNaN(value))
            {
                return double.NaN;
            }

            atMost += value <= newest ? 1 : 0;
        }

        return (double)atMost / _values.Length;
    }

    /// <summary>Mean of |x − center| over the values; NaN until full and with a NaN inside.</summary>
    public double MeanDeviation(double center)
    {
        double sum = 0;
        for (int age = _count - 1; age >= 0; age--)
        {
            sum += Math.Abs(this[age] - center);
        }

        return IsFull ? sum / _values.Length : double.NaN;
    }

    /// <summary>
    /// Least-squares slope per step of the running sum of the values, over n points that begin at the oldest value; the
    /// first of the values does not matter, as a sum may begin anywhere. NaN until full and with a NaN after the first.
    /// </summary>
    public double SlopeOfRunningSum()
    {
        // With positions centred on 0 the slope is Σ i·y / Σ i².
        double center = (_values.Length - 1) / 2.0;
        double sum = 0;
        double product = 0;
        double square = center * center;
        for (int i = 1; i < _count; i++)
        {
            double position = i - center;
            sum += this[_count - 1 - i];
            product += position * sum;
            square += position * position;
        }

        return IsFull ? product / square : double.NaN;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.WriteInt32(_count);
        for (int age = _count - 1; age >= 0; age--)
        {
            writer.WriteDouble(this[age]);
        }
    }

    /// <inheritdoc/>
    public void Load(ref StateReader reader)
    {
        int count = reader.ReadCount(sizeof(double));
        if (count > _values.Length)
        {
            throw new StateFormatException($"saved state: {count} values in a window of {_values.Length}");
        }

        Array.Clear(_values);
        _next = 0;
        _count = 0;
        for (int i = 0; i < count; i++)
        {
            Add(reader.ReadDouble());
        }
    }
}
