namespace Feeds.Core.Operators;

/// <summary>Moments up to the fourth of a run of values (Pébay's joining formulas).</summary>
/// <param name="Count">How many values.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="M2">Σ(x − mean)².</param>
/// <param name="M3">Σ(x − mean)³.</param>
/// <param name="M4">Σ(x − mean)⁴.</param>
public readonly record struct HigherMoments(double Count, double Mean, double M2, double M3, double M4)
    : IAggregate<HigherMoments>
{
    /// <summary>
    /// Bias-corrected skewness G1 (as pandas <c>skew</c>); NaN below three values and for equal ones.
    /// </summary>
    public double Skew
    {
        get
        {
            double m2 = M2 / Count;
            double g1 = M3 / Count / (m2 * Math.Sqrt(m2));
            return Count >= 3 ? Math.Sqrt(Count * (Count - 1)) / (Count - 2) * g1 : double.NaN;
        }
    }

    /// <summary>
    /// Bias-corrected excess kurtosis G2 (as pandas <c>kurt</c>); NaN below four values and for equal ones.
    /// </summary>
    public double Kurtosis
    {
        get
        {
            double m2 = M2 / Count;
            double g2 = (M4 / Count / (m2 * m2)) - 3;
            return Count >= 4 ? (Count - 1) / ((Count - 2) * (Count - 3)) * (((Count + 1) * g2) + 6) : double.NaN;
        }
    }

    /// <summary>Returns the moments of a single value.</summary>
    public static HigherMoments Of(double x) => new(1, x, x - x, x - x, x - x);

    /// <inheritdoc/>
    public static HigherMoments Combine(in HigherMoments older, in HigherMoments newer)
    {
        double a = older.Count;
        double b = newer.Count;
        double n = a + b;
        double d = newer.Mean - older.Mean;
        double dn = d / n;
        double m2 = older.M2 + newer.M2 + (d * dn * a * b);
        double m3 = older.M3 + newer.M3 + (d * dn * dn * a * b * (a - b))
            + (3 * dn * ((a * newer.M2) - (b * older.M2)));
        double m4 = older.M4 + newer.M4 + (d * dn * dn * dn * a * b * ((a * a) - (a * b) + (b * b)))
            + (6 * dn * dn * ((a * a * newer.M2) + (b * b * older.M2)))
            + (4 * dn * ((a * newer.M3) - (b * older.M3)));
        return new(n, older.Mean + (dn * b), m2, m3, m4);
    }
}
