using Feeds.Core.Numerics;
using Feeds.Core.Symbols;

namespace Feeds.Core.Catalogue;

/// <content>Price.</content>
internal static partial class WideFeatures
{
    private const double Ln2 = 0.69314718055994530942;

    private static IEnumerable<Feature<WideState>> Price()
    {
        static Feature<WideState> P(
            string name, string window, string unit, FeatureScale scale, string formula, string inputs, int warmUp,
            Func<SeriesGraph, BarSeries, WideState, Series> make) =>
            Declare("price", "bars", name, window, unit, scale, formula, inputs, warmUp, s => make(s.Graph, s.Bars, s));

        foreach (int n in (int[])[1, 5, 20])
        {
            yield return P(
                $"returns_{n}", $"{n} x 5m", "fraction", FeatureScale.Ratio, $"close / close {n} bars before - 1",
                "close", n + 1, (g, b, _) => g.Return(b.Close, n));
        }

        yield return P(
            "log_return_1", "1 x 5m", "log ratio", FeatureScale.Ratio, "ln(close / close before)", "close", 2,
            (_, _, s) => LogReturn(s));
        foreach (int n in (int[])[14, 50])
        {
            yield return P(
                $"rsi_{n}", $"{n} x 5m", "0-100", FeatureScale.Ratio,
                $"RSI({n}): 100 * mean gain / (mean gain + mean loss), Wilder means", "close", n * WilderWarmUp / 14,
                (g, b, _) => g.Rsi(b.Close, n));
        }

        yield return P(
            "macd", "12, 26 x 5m", "quote currency", FeatureScale.Price, "EMA(12) - EMA(26)", "close", MacdWarmUp,
            (g, b, _) => g.Macd(b.Close));
        yield return P(
            "macd_signal", "12, 26, 9 x 5m", "quote currency", FeatureScale.Price, "EMA(9) of macd", "close",
            MacdWarmUp, (g, b, _) => g.MacdSignal(b.Close));
        yield return P(
            "macd_histogram", "12, 26, 9 x 5m", "quote currency", FeatureScale.Price, "macd - macd_signal", "close",
            MacdWarmUp, (g, b, _) => g.MacdHistogram(b.Close));
        yield return P(
            "bb_upper", "20 x 5m", "quote currency", FeatureScale.Price, "mean + 2 std of 20 closes", "close", 20,
            (g, b, _) => g.BollingerUpper(b.Close, 20));
        yield return P(
            "bb_lower", "20 x 5m", "quote currency", FeatureScale.Price, "mean - 2 std of 20 closes", "close", 20,
            (g, b, _) => g.BollingerLower(b.Close, 20));
        yield return P(
            "bb_width", "20 x 5m", "fraction", FeatureScale.Ratio, "(upper - lower) / mid", "close", 20,
            (g, b, _) => g.BollingerWidth(b.Close, 20));
        yield return P(
            "bb_position", "20 x 5m", "share", FeatureScale.Ratio, "(close - lower) / (upper - lower), not clipped",
            "close", 20, (g, b, _) => g.BollingerPosition(b.Close, 20));
        yield return P(
            "atr_14", "14 x 5m", "quote currency", FeatureScale.Price, "ATR(14): Wilder mean of the true range",
            "high, low, close", WilderWarmUp, (g, b, _) => g.Atr(b.High, b.Low, b.Close, 14));
        yield return P(
            "natr", "14 x 5m", "percent", FeatureScale.Ratio, "100 * atr_14 / close", "high, low, close", WilderWarmUp,
            (g, b, _) => g.Map("natr", g.Atr(b.High, b.Low, b.Close, 14), b.Close, static (a, c) => 100 * a / c));
        foreach (int n in (int[])[10, 20, 50, 200])
        {
            yield return P(
                $"sma_{n}", $"{n} x 5m", "quote currency", FeatureScale.Price, $"mean of {n} closes", "close", n,
                (g, b, _) => g.Mean(b.Close, n));
        }

        foreach (int n in (int[])[12, 26])
        {
            yield return P(
                $"ema_{n}", $"{n} x 5m", "quote currency", FeatureScale.Price, $"EMA({n}) of the closes", "close",
                MacdWarmUp, (g, b, _) => g.Ema(b.Close, n));
        }

        yield return P(
            "distance_sma_200", "200 x 5m", "fraction", FeatureScale.Ratio, "close / sma_200 - 1", "close", 200,
            (g, b, _) => g.Change(b.Close, g.Mean(b.Close, 200)));
        foreach (int n in (int[])[10, 20])
        {
            yield return P(
                $"roc_{n}", $"{n} x 5m", "percent", FeatureScale.Ratio, $"100 * (close / close {n} bars before - 1)",
                "close", n + 1, (g, b, _) => g.Map("percent", g.Return(b.Close, n), static r => 100 * r));
        }

        yield return P(
            "stoch_k_14", "14 x 5m", "0-100", FeatureScale.Ratio,
            "raw %K: 100 * (close - lowest low) / (highest high - lowest low)", "high, low, close", 14,
            (g, b, _) => g.StochasticK(b.High, b.Low, b.Close, 14));
        yield return P(
            "stoch_d_3", "16 x 5m", "0-100", FeatureScale.Ratio, "mean of 3 values of stoch_k_14", "high, low, close",
            16, (g, b, _) => g.Mean(g.StochasticK(b.High, b.Low, b.Close, 14), 3));
        yield return P(
            "williams_r_14", "14 x 5m", "-100-0", FeatureScale.Ratio,
            "-100 * (highest high - close) / (highest high - lowest low)", "high, low, close", 14,
            (g, b, _) => g.WilliamsR(b.High, b.Low, b.Close, 14));
        yield return P(
            "cci_20", "20 x 5m", "index", FeatureScale.Ratio, "(typical price - mean) / (0.015 * mean deviation)",
            "high, low, close", 20, (g, b, _) => g.Cci(Typical(g, b), 20));
        yield return P(
            "adx_14", "14 x 5m", "0-100", FeatureScale.Ratio, "ADX(14): Wilder mean of 100 * |+DI - -DI| / (+DI + -DI)",
            "high, low, close", 2 * WilderWarmUp, (g, b, _) => g.Adx(b.High, b.Low, b.Close, 14));
        yield return P(
            "plus_di_14", "14 x 5m", "0-100", FeatureScale.Ratio,
            "100 * Wilder mean of up moves / that of the true range", "high, low, close", WilderWarmUp,
            (g, b, _) => g.PlusDi(b.High, b.Low, b.Close, 14));
        yield return P(
            "minus_di_14", "14 x 5m", "0-100", FeatureScale.Ratio,
            "100 * Wilder mean of down moves / that of the true range", "high, low, close", WilderWarmUp,
            (g, b, _) => g.MinusDi(b.High, b.Low, b.Close, 14));
        foreach (int n in (int[])[20, 48, Day])
        {
            yield return P(
                $"realized_vol_{n}", $"{n} x 5m", "fraction per bar", FeatureScale.Ratio,
                $"std of {n} values of log_return_1", "close", n + 1, (_, _, s) => Volatility(s, n));
        }

        yield return P(
            "parkinson_20", "20 x 5m", "fraction per bar", FeatureScale.Ratio,
            "sqrt(mean of ln(high / low)^2 over 20 bars / (4 ln 2))", "high, low", 20,
            (g, b, _) => g.Map(
                "parkinson", g.Mean(g.Map("lnsq", b.High, b.Low, static (h, l) => Square(h / l)), 20),
                static m => Math.Sqrt(m / (4 * Ln2))));
        yield return P(
            "garman_klass_20", "20 x 5m", "fraction per bar", FeatureScale.Ratio,
            "sqrt(mean over 20 bars of ln(high / low)^2 / 2 - (2 ln 2 - 1) * ln(close / open)^2)",
            "open, high, low, close", 20,
            (g, b, _) => g.Map("root", g.Mean(GarmanKlass(g, b), 20), static m => Math.Sqrt(m)));
        yield return P(
            "high_low_range", "1 x 5m", "fraction", FeatureScale.Ratio, "(high - low) / close", "high, low, close", 1,
            (g, b, _) => g.Map("range", b.High, b.Low, b.Close, static (h, l, c) => (h - l) / c));
        yield return P(
            "close_position", "1 x 5m", "share", FeatureScale.Ratio, "(close - low) / (high - low)", "high, low, close",
            1, (g, b, _) => g.Map("closeposition", b.Close, b.High, b.Low, static (c, h, l) => (c - l) / (h - l)));
        yield return P(
            "price_zscore_20", "20 x 5m", "standard deviations", FeatureScale.Ratio,
            "(close - mean) / std over 20 bars", "close", 20, (g, b, _) => g.ZScore(b.Close, 20));
        yield return P(
            "skew_48", "48 x 5m", "skewness", FeatureScale.Ratio,
            "bias-corrected skewness G1 of 48 values of log_return_1", "close", 49,
            (g, _, s) => g.Skew(LogReturn(s), 48));
        yield return P(
            "kurt_48", "48 x 5m", "excess kurtosis", FeatureScale.Ratio,
            "bias-corrected excess kurtosis G2 of 48 values of log_return_1", "close", 49,
            (g, _, s) => g.Kurtosis(LogReturn(s), 48));
        yield return P(
            "autocorr_1_48", "48 x 5m", "-1..1", FeatureScale.Ratio,
            "Pearson correlation of the 47 adjacent pairs inside 48 values of log_return_1", "close", 49,
            (g, _, s) => g.Autocorrelation(LogReturn(s), 48));
        yield return P(
            "max_drawdown_288", "24h", "fraction", FeatureScale.Ratio,
            "deepest fall of a close below an earlier one within 288 closes, at most 0", "close", Day,
            (g, b, _) => g.MaxDrawdown(b.Close, Day));
    }

    private static Series Typical(SeriesGraph g, BarSeries b) =>
        g.Map("typical", b.High, b.Low, b.Close, static (h, l, c) => (h + l + c) / 3);

    private static Series GarmanKlass(SeriesGraph g, BarSeries b)
    {
        Series range = g.Map("lnsq", b.High, b.Low, static (h, l) => Square(h / l));
        Series body = g.Map("lnsq", b.Close, b.Open, static (c, o) => Square(c / o));
        return g.Map("gk", range, body, static (r, c) => (0.5 * r) - (((2 * Ln2) - 1) * c));
    }

    private static double Square(double ratio)
    {
        double log = DeterministicMath.Log(ratio);
        return log * log;
    }
}
