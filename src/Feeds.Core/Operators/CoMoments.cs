namespace Feeds.Core.Operators;

/// <summary>Means, squared deviations and their products of a run of pairs.</summary>
/// <param name="Count">How many pairs.</param>
/// <param name="MeanX">Mean of x.</param>
/// <param name="MeanY">Mean of y.</param>
/// <param name="Mxx">Σ(x − mean)².</param>
/// <param name="Myy">Σ(y − mean)².</param>
/// <param name="Mxy">Σ(x − mean)(y − mean).</param>
public readonly record struct CoMoments(double Count, double MeanX, double MeanY, double Mxx, double Myy, double Mxy)
    : IAggregate<CoMoments>
{
    /// <summary>Pearson's correlation, −1…1; NaN when x or y is constant.</summary>
    public double Correlation => Math.Clamp(Mxy / Math.Sqrt(Mxx) / Math.Sqrt(Myy), -1, 1);

    /// <summary>Least-squares slope of y on x, with intercept: cov(x, y) / var(x); NaN when x is constant.</summary>
    public double Slope => Mxy / Mxx;

    /// <summary>Returns the moments of a single pair.</summary>
    public static CoMoments Of(double x, double y) => new(1, x, y, x - x, y - y, (x - x) + (y - y));

    /// <inheritdoc/>
    public static CoMoments Combine(in CoMoments older, in CoMoments newer)
    {
        double count = older.Count + newer.Count;
        double share = newer.Count / count;
        double dx = newer.MeanX - older.MeanX;
        double dy = newer.MeanY - older.MeanY;
        double weight = older.Count * share;
        return new(
            count,
            older.MeanX + (dx * share),
            older.MeanY + (dy * share),
            older.Mxx + newer.Mxx + (dx * dx * weight),
            older.Myy + newer.Myy + (dy * dy * weight),
            older.Mxy + newer.Mxy + (dx * dy * weight));
    }
}
