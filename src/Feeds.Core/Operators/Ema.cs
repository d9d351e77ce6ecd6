using Feeds.Core.Numerics;

namespace Feeds.Core.Operators;

/// <summary>
/// Exponential moving average over a count of values: y ← y + α·(x − y), α = 2/(n + 1), seeded with the first value
/// (pandas <c>ewm(span=n, adjust=False)</c>). Memory: two doubles.
/// </summary>
public sealed class Ema : ISavedState
{
    private readonly double _alpha;

    /// <summary>Makes an average of span <paramref name="span"/>, at least 1.</summary>
    public Ema(int span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, 1);
        _alpha = 2.0 / (span + 1);
    }

    /// <summary>The average; NaN before the first value.</summary>
    public double Value { get; private set; } = double.NaN;

    /// <summary>Takes the next value; NaN is passed over and leaves the average as it is.</summary>
    public void Add(double value)
    {
        if (double.IsNaN(value))
        {
            return;
        }

        Value = double.IsNaN(Value) ? value : Value + (_alpha * (value - Value));
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer) => writer.WriteDouble(Value);

    /// <inheritdoc/>
    public void Load(ref StateReader reader) => Value = reader.ReadDouble();
}
