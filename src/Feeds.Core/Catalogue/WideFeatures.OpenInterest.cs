using Feeds.Core.Symbols;

namespace Feeds.Core.Catalogue;

/// <content>Open interest: the newest 5-minute record known at the row.</content>
internal static partial class WideFeatures
{
    private static IEnumerable<Feature<WideState>> OpenInterest()
    {
        static Feature<WideState> Oi(
            string name, string window, string unit, FeatureScale scale, string formula, int warmUp,
            Func<SeriesGraph, Series, WideState, Series> make) =>
            Declare(
                "open_interest", "oi_hist", name, window, unit, scale, formula, "open interest", warmUp,
                s => make(s.Graph, OpenInterestOf(s), s),
                "before its window is full, with a record older than 15 min inside, or a zero denominator");

        foreach (int n in (int[])[1, 5, 20])
        {
            yield return Oi(
                $"oi_pct_change_{n}", $"{n} x 5m", "fraction", FeatureScale.Ratio, $"oi / oi {n} rows before - 1",
                n + 1, (g, oi, _) => g.Return(oi, n));
        }

        yield return Oi(
            "oi_log_change_1", "1 x 5m", "log ratio", FeatureScale.Ratio, "ln(oi / oi of the row before)", 2,
            (g, oi, _) => g.LogReturn(oi, 1));
        foreach (int hours in (int[])[1, 4, 24])
        {
            yield return Oi(
                $"oi_velocity_{hours}h", $"{hours}h", "fraction per hour", FeatureScale.Ratio,
                $"(oi / oi {hours} h before - 1) / {hours}",
                (hours * Hour) + 1, (g, oi, _) => Velocity(g, oi, hours));
        }

        foreach (int hours in (int[])[1, 4])
        {
            yield return Oi(
                $"oi_acceleration_{hours}h", $"{2 * hours}h", "fraction per hour", FeatureScale.Ratio,
                $"oi_velocity_{hours}h minus the same {hours} h before", (2 * hours * Hour) + 1,
                (g, oi, _) => g.Difference(Velocity(g, oi, hours), hours * Hour));
        }

        yield return Oi(
            "oi_macd", "12, 26 x 5m", "base asset", FeatureScale.Base, "EMA(12) - EMA(26) of oi", MacdWarmUp,
            (g, oi, _) => g.Macd(oi));
        yield return Oi(
            "oi_macd_signal", "12, 26, 9 x 5m", "base asset", FeatureScale.Base, "EMA(9) of oi_macd", MacdWarmUp,
            (g, oi, _) => g.MacdSignal(oi));
        yield return Oi(
            "oi_macd_histogram", "12, 26, 9 x 5m", "base asset", FeatureScale.Base, "oi_macd - oi_macd_signal",
            MacdWarmUp, (g, oi, _) => g.MacdHistogram(oi));
        foreach (int n in (int[])[20, 48, Day])
        {
            yield return Oi(
                $"oi_price_divergence_{n}", $"{n} x 5m", "fraction", FeatureScale.Ratio,
                $"(oi / oi {n} rows before - 1) - (close / close {n} bars before - 1)",
                n + 1, (g, oi, s) => g.Subtract(g.Return(oi, n), g.Return(s.Bars.Close, n)));
        }

        yield return Oi(
            "oi_zscore", "100 x 5m", "standard deviations", FeatureScale.Ratio, "(oi - mean) / std over 100 rows", 100,
            (g, oi, _) => g.ZScore(oi, 100));
        yield return Oi(
            "oi_percentile_100", "100 x 5m", "share", FeatureScale.Ratio,
            "share of the last 100 values at most the current one", 100, (g, oi, _) => g.Percentile(oi, 100));
        yield return Oi(
            "oi_bb_upper", "20 x 5m", "base asset", FeatureScale.Base, "mean + 2 std of oi over 20 rows", 20,
            (g, oi, _) => g.BollingerUpper(oi, 20));
        yield return Oi(
            "oi_bb_lower", "20 x 5m", "base asset", FeatureScale.Base, "mean - 2 std of oi over 20 rows", 20,
            (g, oi, _) => g.BollingerLower(oi, 20));
        yield return Oi(
            "oi_bb_width", "20 x 5m", "fraction", FeatureScale.Ratio, "(upper - lower) / mid", 20,
            (g, oi, _) => g.BollingerWidth(oi, 20));
        yield return Oi(
            "oi_bb_position", "20 x 5m", "share", FeatureScale.Ratio, "(oi - lower) / (upper - lower), not clipped", 20,
            (g, oi, _) => g.BollingerPosition(oi, 20));
        yield return Oi(
            "oi_sma_ratio_20", "20 x 5m", "ratio", FeatureScale.Ratio, "oi / mean of 20 rows", 20,
            (g, oi, _) => g.Divide(oi, g.Mean(oi, 20)));
        yield return Oi(
            "oi_ema_ratio_12", "12 x 5m", "ratio", FeatureScale.Ratio, "oi / EMA(12) of oi", MacdWarmUp,
            (g, oi, _) => g.Divide(oi, g.Ema(oi, 12)));
        yield return Oi(
            "oi_volatility_20", "20 x 5m", "log ratio", FeatureScale.Ratio, "std of 20 values of oi_log_change_1", 21,
            (g, oi, _) => g.Std(g.LogReturn(oi, 1), 20));
        yield return Oi(
            "oi_rsi_14", "14 x 5m", "0-100", FeatureScale.Ratio, "RSI(14) of oi", WilderWarmUp,
            (g, oi, _) => g.Rsi(oi, 14));
        yield return Oi(
            "oi_drawdown_288", "24h", "fraction", FeatureScale.Ratio, "oi / largest of 288 rows - 1", Day,
            (g, oi, _) => g.Change(oi, g.Max(oi, Day)));
        yield return Oi(
            "oi_value_usd", "now", "USD", FeatureScale.Usd, "the record's own value", 1,
            (g, _, s) => g.Read("oi_value", s.OpenInterestValue));
        yield return Oi(
            "oi_to_volume_1h", "1h", "ratio", FeatureScale.Ratio, "oi / base volume of 12 bars", Hour,
            (g, oi, s) => g.Divide(oi, g.Sum(s.Bars.Volume, Hour)));
    }

    private static Series Velocity(SeriesGraph g, Series oi, int hours) =>
        g.Map($"per{hours}h", g.Return(oi, hours * Hour), change => change / hours);
}
