namespace Feeds.Core.Operators;

/// <summary>Count, mean and sum of squared deviations of a run of values; never Σx² − (Σx)².</summary>
/// <param name="Count">How many values.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="M2">Σ(x − mean)²; exactly 0 for equal values.</param>
public readonly record struct Moments(double Count, double Mean, double M2) : IAggregate<Moments>
{
    /// <summary>Sample variance (n − 1); NaN below two values.</summary>
    public double Variance => Count >= 2 ? M2 / (Count - 1) : double.NaN;

    /// <summary>Sample standard deviation (n − 1); NaN below two values.</summary>
    public double Std => Math.Sqrt(Variance);

    /// <summary>Returns the moments of a single value.</summary>
    // x − x carries NaN into the second moment, so that it reaches whatever is made of it.
    public static Moments Of(double x) => new(1, x, x - x);

    /// <inheritdoc/>
    public static Moments Combine(in Moments older, in Moments newer)
    {
        double count = older.Count + newer.Count;
        double delta = newer.Mean - older.Mean;
        double share = newer.Count / count;
        return new(count, older.Mean + (delta * share), older.M2 + newer.M2 + (delta * delta * older.Count * share));
    }
}
