using Feeds.Core.Numerics;

namespace Feeds.Core.Operators;

/// <summary>
/// Wilder's smoothing: the first value is the mean of the first n inputs, then y ← y + (x − y)/n. Memory: two doubles.
/// </summary>
public sealed class Wilder : ISavedState
{
    private readonly int _length;
    private int _count;
    private double _sum;

    /// <summary>Makes a smoothing of length <paramref name="length"/>, at least 1.</summary>
    public Wilder(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        _length = length;
    }

    /// <summary>The smoothed value; NaN before the n-th input.</summary>
    public double Value { get; private set; } = double.NaN;

    /// <summary>Takes the next value; NaN is passed over and leaves the state as it is.</summary>
    public void Add(double value)
    {
        if (double.IsNaN(value))
        {
            return;
        }

        if (_count < _length)
        {
            _count++;
            _sum += value;
            Value = _count == _length ? _sum / _length : double.NaN;
            return;
        }

        Value += (value - Value) / _length;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.WriteInt32(_count);
        writer.WriteDouble(_sum);
        writer.WriteDouble(Value);
    }

    /// <inheritdoc/>
    public void Load(ref StateReader reader)
    {
        _count = reader.ReadInt32();
        _sum = reader.ReadDouble();
        Value = reader.ReadDouble();
    }
}
