using Feeds.Core.Numerics;
using Feeds.Core.Operators;

namespace Feeds.Core.Catalogue;

/// <content>
/// Elementary and rolling operators. A rolling one is over the last n grid values, the current one included; NaN until
/// n values were seen, and with a NaN inside. A zero denominator gives NaN.
/// </content>
public sealed partial class SeriesGraph
{
    /// <summary>a + b.</summary>
    public Series Add(Series a, Series b) => Map("add", a, b, static (x, y) => x + y);

    /// <summary>a − b.</summary>
    public Series Subtract(Series a, Series b) => Map("sub", a, b, static (x, y) => x - y);

    /// <summary>a · b.</summary>
    public Series Multiply(Series a, Series b) => Map("mul", a, b, static (x, y) => x * y);

    /// <summary>a / b; NaN where b is 0.</summary>
    public Series Divide(Series a, Series b) => Map("div", a, b, static (x, y) => x / y);

    /// <summary>a / b − 1; NaN where b is 0.</summary>
    public Series Change(Series a, Series b) => Map("change", a, b, static (x, y) => (x / y) - 1);

    /// <summary>The value n steps ago; NaN before there was one.</summary>
    public Series Lag(Series x, int n) => Make(Key("lag", x, n), key => new LagSeries(key, x, n));

    /// <summary>x − x n steps ago.</summary>
    public Series Difference(Series x, int n) => Subtract(x, Lag(x, n));

    /// <summary>x / x n steps ago − 1.</summary>
    public Series Return(Series x, int n) => Change(x, Lag(x, n));

    /// <summary>ln(x / x n steps ago).</summary>
    public Series LogReturn(Series x, int n) =>
        Map("lnratio", x, Lag(x, n), static (a, b) => a > 0 && b > 0 ? DeterministicMath.Log(a / b) : double.NaN);

    /// <summary>EMA(n): α = 2/(n + 1), seeded with the first value; NaN at a NaN, which leaves it as it is.</summary>
    public Series Ema(Series x, int n) => Make(Key("ema", x, n), key => new EmaSeries(key, x, n));

    /// <summary>
    /// Wilder(n): first the mean of the first n, then α = 1/n; NaN at a NaN, which leaves it as it is.
    /// </summary>
    public Series Wilder(Series x, int n) => Make(Key("wilder", x, n), key => new WilderSeries(key, x, n));

    /// <summary>Rolling sum.</summary>
    public Series Sum(Series x, int n) => Make(
        Key("sum", x, n), key => new AggregateSeries<Total>(key, n, () => new Total(x.Value), static t => t.Sum));

    /// <summary>Rolling mean.</summary>
    public Series Mean(Series x, int n) => Make(
        Key("mean", x, n), key => new AggregateSeries<Total>(key, n, () => new Total(x.Value), t => t.Sum / n));

    /// <summary>Rolling sample standard deviation (n − 1); exactly 0 for n equal values.</summary>
    public Series Std(Series x, int n) => Make(
        Key("std", x, n), key => new AggregateSeries<Moments>(key, n, () => Moments.Of(x.Value), static m => m.Std));

    /// <summary>(x − rolling mean) / rolling standard deviation.</summary>
    public Series ZScore(Series x, int n) =>
        Map("z", x, Mean(x, n), Std(x, n), static (v, mean, std) => std > 0 ? (v - mean) / std : double.NaN);

    /// <summary>Rolling largest value.</summary>
    public Series Max(Series x, int n) => Make(
        Key("max", x, n),
        key => new AggregateSeries<Extremes>(key, n, () => new Extremes(x.Value, x.Value), static e => e.Max));

    /// <summary>Rolling smallest value.</summary>
    public Series Min(Series x, int n) => Make(
        Key("min", x, n),
        key => new AggregateSeries<Extremes>(key, n, () => new Extremes(x.Value, x.Value), static e => e.Min));

    /// <summary>Share of the last n values that are at most the current one, 1/n…1.</summary>
    public Series Percentile(Series x, int n) =>
        Make(Key("pctl", x, n), key => new WindowSeries(key, x, n, static w => w.Percentile()));

    /// <summary>Rolling bias-corrected skewness G1.</summary>
    public Series Skew(Series x, int n) => Make(
        Key("skew", x, n),
        key => new AggregateSeries<HigherMoments>(key, n, () => HigherMoments.Of(x.Value), static m => m.Skew));

    /// <summary>Rolling bias-corrected excess kurtosis G2.</summary>
    public Series Kurtosis(Series x, int n) => Make(
        Key("kurt", x, n),
        key => new AggregateSeries<HigherMoments>(key, n, () => HigherMoments.Of(x.Value), static m => m.Kurtosis));

    /// <summary>Rolling Pearson correlation of two series.</summary>
    public Series Correlation(Series x, Series y, int n) => Make(
        Key($"corr({x.Key})", y, n),
        key => new AggregateSeries<CoMoments>(key, n, () => CoMoments.Of(x.Value, y.Value), static m => m.Correlation));

    /// <summary>Rolling least-squares slope of y on x, with intercept: cov(x, y) / var(x).</summary>
    public Series Slope(Series x, Series y, int n) => Make(
        Key($"slope({x.Key})", y, n),
        key => new AggregateSeries<CoMoments>(key, n, () => CoMoments.Of(x.Value, y.Value), static m => m.Slope));

    /// <summary>Pearson correlation of the n − 1 adjacent pairs inside the last n values.</summary>
    public Series Autocorrelation(Series x, int n) => Correlation(Lag(x, 1), x, n - 1);

    /// <summary>Least-squares slope per step of the running sum of x over its last n points.</summary>
    public Series RunningSumSlope(Series x, int n) =>
        Make(Key("sumslope", x, n), key => new WindowSeries(key, x, n, static w => w.SlopeOfRunningSum()));

    /// <summary>The deepest fall from an earlier value inside the last n values, a fraction of at most 0.</summary>
    public Series MaxDrawdown(Series x, int n) => Make(
        Key("drawdown", x, n),
        key => new AggregateSeries<Drawdown>(key, n, () => Drawdown.Of(x.Value), static d => d.Deepest));

    /// <summary>The series itself from its n-th step on, NaN before: for what agrees only after a warm-up.</summary>
    public Series AfterWarmUp(Series x, int n) => Make(Key("warm", x, n), key => new WarmSeries(key, x, n));
}
