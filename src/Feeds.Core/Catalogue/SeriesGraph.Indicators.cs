using Feeds.Core.Operators;

namespace Feeds.Core.Catalogue;

/// <content>The indicators of technical analysis, as the features name them.</content>
public sealed partial class SeriesGraph
{
    /// <summary>Relative strength index, 0…100; first at index n, NaN while flat.</summary>
    public Series Rsi(Series x, int n)
    {
        Series change = Difference(x, 1);
        Series gain = Wilder(Map("gain", change, static d => double.IsNaN(d) ? d : Math.Max(d, 0)), n);
        Series loss = Wilder(Map("loss", change, static d => double.IsNaN(d) ? d : Math.Max(-d, 0)), n);
        return Map("strength", gain, loss, static (g, l) => 100 * g / (g + l));
    }

    /// <summary>EMA(12) − EMA(26).</summary>
    public Series Macd(Series x) => Subtract(Ema(x, 12), Ema(x, 26));

    /// <summary>EMA(9) of the MACD.</summary>
    public Series MacdSignal(Series x) => Ema(Macd(x), 9);

    /// <summary>MACD − its signal.</summary>
    public Series MacdHistogram(Series x) => Subtract(Macd(x), MacdSignal(x));

    /// <summary>Rolling mean + 2 sample standard deviations.</summary>
    public Series BollingerUpper(Series x, int n) => Map("upper", Mean(x, n), Std(x, n), static (m, s) => m + (2 * s));

    /// <summary>Rolling mean − 2 sample standard deviations.</summary>
    public Series BollingerLower(Series x, int n) => Map("lower", Mean(x, n), Std(x, n), static (m, s) => m - (2 * s));

    /// <summary>(upper − lower) / mid of the Bollinger bands.</summary>
    public Series BollingerWidth(Series x, int n) =>
        Map("bandwidth", BollingerUpper(x, n), BollingerLower(x, n), Mean(x, n), static (u, l, m) => (u - l) / m);

    /// <summary>(x − lower) / (upper − lower), not clipped; NaN for a constant window.</summary>
    public Series BollingerPosition(Series x, int n) =>
        Map("position", x, BollingerUpper(x, n), BollingerLower(x, n), static (v, u, l) => (v - l) / (u - l));

    /// <summary>True range; from the second bar on.</summary>
    public Series TrueRange(Series high, Series low, Series close) =>
        Map("tr", high, low, Lag(close, 1),
            static (h, l, c) => Math.Max(h - l, Math.Max(Math.Abs(h - c), Math.Abs(l - c))));

    /// <summary>Average true range: Wilder(n) of the true range; first at index n.</summary>
    public Series Atr(Series high, Series low, Series close, int n) => Wilder(TrueRange(high, low, close), n);

    /// <summary>+DI, 0…100: Wilder(n) of the up moves over that of the true range.</summary>
    public Series PlusDi(Series high, Series low, Series close, int n)
    {
        Series up = Map("updm", Difference(high, 1), Difference(low, 1), static (h, l) => Move(h, -l));
        return Map("di", Wilder(up, n), Atr(high, low, close, n), static (dm, tr) => 100 * dm / tr);
    }

    /// <summary>−DI, 0…100: Wilder(n) of the down moves over that of the true range.</summary>
    public Series MinusDi(Series high, Series low, Series close, int n)
    {
        Series down = Map("downdm", Difference(high, 1), Difference(low, 1), static (h, l) => Move(-l, h));
        return Map("di", Wilder(down, n), Atr(high, low, close, n), static (dm, tr) => 100 * dm / tr);
    }

    /// <summary>
    /// Average directional index, 0…100: Wilder(n) of |+DI − −DI| / (+DI + −DI); first at index 2n − 1.
    /// </summary>
    public Series Adx(Series high, Series low, Series close, int n)
    {
        Series dx = Map(
            "dx", PlusDi(high, low, close, n), MinusDi(high, low, close, n),
            static (p, m) => 100 * Math.Abs(p - m) / (p + m));
        return Wilder(dx, n);
    }

    /// <summary>Raw %K, 0…100: where the close stands between the lowest low and the highest high of n bars.</summary>
    public Series StochasticK(Series high, Series low, Series close, int n) =>
        Map("k", close, Max(high, n), Min(low, n), static (c, h, l) => 100 * (c - l) / (h - l));

    /// <summary>Williams %R, −100…0.</summary>
    public Series WilliamsR(Series high, Series low, Series close, int n) =>
        Map("r", close, Max(high, n), Min(low, n), static (c, h, l) => -100 * (h - c) / (h - l));

    /// <summary>Commodity channel index: (typical − mean) / (0.015 · mean deviation) over n bars.</summary>
    public Series Cci(Series typical, int n)
    {
        // The mean of equal values is exactly that value here, so a constant window has no deviation at all.
        Series mean = Make(
            Key("center", typical, n),
            key => new AggregateSeries<Moments>(key, n, () => Moments.Of(typical.Value), static m => m.Mean));
        Series deviation = Make(
            Key("meandev", typical, n), key => new WindowSeries(key, typical, n, w => w.MeanDeviation(mean.Value)));
        return Map("cci", typical, mean, deviation, static (x, m, d) => d > 0 ? (x - m) / (0.015 * d) : double.NaN);
    }

    // The larger of the two moves counts when it is above 0; ties give neither.
    private static double Move(double own, double other) =>
        double.IsNaN(own) || double.IsNaN(other) ? double.NaN : own > other && own > 0 ? own : 0;
}
