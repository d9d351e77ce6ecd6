using Feeds.Core.Symbols;

namespace Feeds.Core.Catalogue;

/// <content>Volume and flow.</content>
internal static partial class WideFeatures
{
    private static IEnumerable<Feature<WideState>> Volume()
    {
        static Feature<WideState> V(
            string name, string window, string unit, FeatureScale scale, string formula, string inputs, int warmUp,
            Func<SeriesGraph, BarSeries, WideState, Series> make) =>
            Declare("volume", "bars", name, window, unit, scale, formula, inputs, warmUp,
                s => make(s.Graph, s.Bars, s));

        yield return V(
            "volume_sma_20", "20 x 5m", "base asset", FeatureScale.Base, "mean of 20 volumes", "volume", 20,
            (g, b, _) => g.Mean(b.Volume, 20));
        yield return V(
            "volume_ema_20", "20 x 5m", "base asset", FeatureScale.Base, "EMA(20) of the volumes", "volume", MacdWarmUp,
            (g, b, _) => g.Ema(b.Volume, 20));
        yield return V(
            "volume_zscore", "20 x 5m", "standard deviations", FeatureScale.Ratio, "(volume - mean) / std over 20 bars",
            "volume", 20, (g, b, _) => g.ZScore(b.Volume, 20));
        yield return V(
            "volume_ratio", "20 x 5m", "ratio", FeatureScale.Ratio, "volume / mean of 20 bars", "volume", 20,
            (_, _, s) => VolumeRatio(s));
        yield return V(
            "volume_percentile_100", "100 x 5m", "share", FeatureScale.Ratio,
            "share of the last 100 volumes at most the current one", "volume", 100,
            (g, b, _) => g.Percentile(b.Volume, 100));
        yield return V(
            "volume_cv_12", "12 x 5m", "ratio", FeatureScale.Ratio, "std / mean of 12 volumes", "volume", 12,
            (g, b, _) => g.Divide(g.Std(b.Volume, 12), g.Mean(b.Volume, 12)));
        yield return V(
            "obv_288", "24h", "base asset", FeatureScale.Base,
            "sum over 288 bars of sign(close - close before) * volume", "close, volume", Day + 1,
            (g, b, _) => g.Sum(SignedVolume(g, b), Day));
        yield return V(
            "obv_slope_20", "20 x 5m", "base asset per bar", FeatureScale.Base,
            "least-squares slope per bar of the running sum of sign(close - close before) * volume over 20 points",
            "close, volume", 21, (g, b, _) => g.RunningSumSlope(SignedVolume(g, b), 20));
        yield return V(
            "cmf_20", "20 x 5m", "-1..1", FeatureScale.Ratio, "sum of money-flow volume / sum of volume over 20 bars",
            "high, low, close, volume", 20, (g, b, _) => g.Divide(g.Sum(MoneyFlow(g, b), 20), g.Sum(b.Volume, 20)));
        yield return V(
            "mfi_14", "14 x 5m", "0-100", FeatureScale.Ratio,
            "100 * positive / (positive + negative) flow of typical price * volume over 14 bars; an unchanged "
            + "typical price counts nowhere", "high, low, close, volume", 15, (g, b, _) => MoneyFlowIndex(g, b));
        yield return V(
            "vwap_288", "24h", "quote currency", FeatureScale.Price,
            "sum of quote volume / sum of volume over 288 bars", "volume, quote volume", Day, (g, b, _) => Vwap(g, b));
        yield return V(
            "vwap_deviation", "24h", "fraction", FeatureScale.Ratio, "close / vwap_288 - 1",
            "close, volume, quote volume", Day, (g, b, _) => g.Change(b.Close, Vwap(g, b)));
        yield return V(
            "volume_price_trend_288", "24h", "base asset", FeatureScale.Base,
            "sum over 288 bars of volume * (close / close before - 1)", "close, volume", Day + 1,
            (g, b, _) => g.Sum(g.Multiply(b.Volume, g.Return(b.Close, 1)), Day));
        yield return V(
            "ad_line_288", "24h", "base asset", FeatureScale.Base,
            "sum over 288 bars of money-flow volume ((close - low) - (high - close)) / (high - low) * volume, 0 "
            + "where high = low", "high, low, close, volume", Day, (g, b, _) => g.Sum(MoneyFlow(g, b), Day));
        yield return V(
            "force_index_13", "13 x 5m", "base asset * price", FeatureScale.Usd,
            "EMA(13) of (close - close before) * volume", "close, volume", MacdWarmUp,
            (g, b, _) => g.Ema(g.Multiply(g.Difference(b.Close, 1), b.Volume), 13));
        yield return V(
            "ease_of_movement_14", "14 x 5m", "price^2 / base asset", FeatureScale.Base,
            "mean over 14 bars of (mid - mid before) * (high - low) / volume, mid = (high + low) / 2",
            "high, low, volume", 15, (g, b, _) => EaseOfMovement(g, b));
        yield return V(
            "taker_buy_ratio", "1 x 5m", "share", FeatureScale.Ratio, "taker buy volume / volume",
            "taker buy volume, volume", 1, (g, b, _) => g.Divide(b.TakerBuyVolume, b.Volume));
        yield return V(
            "taker_buy_ratio_ema_12", "12 x 5m", "share", FeatureScale.Ratio, "EMA(12) of taker_buy_ratio",
            "taker buy volume, volume", MacdWarmUp, (g, b, _) => g.Ema(g.Divide(b.TakerBuyVolume, b.Volume), 12));
        yield return V(
            "tfi_12", "12 x 5m", "-1..1", FeatureScale.Ratio,
            "(2 * sum of taker buy volume - sum of volume) / sum of volume over 12 bars", "taker buy volume, volume",
            12, (g, b, _) => g.Map(
                "tfi", g.Sum(b.TakerBuyVolume, 12), g.Sum(b.Volume, 12), static (t, v) => ((2 * t) - v) / v));
        yield return V(
            "avg_trade_size", "1 x 5m", "base asset", FeatureScale.Base, "volume / trades", "volume, trades", 1,
            (g, b, _) => g.Divide(b.Volume, b.TradeCount));
        yield return V(
            "num_trades_zscore", "100 x 5m", "standard deviations", FeatureScale.Ratio,
            "(trades - mean) / std over 100 bars", "trades", 100, (g, b, _) => g.ZScore(b.TradeCount, 100));
        yield return V(
            "dollar_volume", "1 x 5m", "quote currency", FeatureScale.Usd, "quote volume", "quote volume", 1,
            (_, b, _) => b.QuoteVolume);
        yield return V(
            "amihud_20", "20 x 5m", "1 / quote currency", FeatureScale.Usd,
            "mean over 20 bars of |log_return_1| / quote volume", "close, quote volume", 21,
            (g, b, s) => g.Mean(g.Map("amihud", LogReturn(s), b.QuoteVolume, static (r, q) => Math.Abs(r) / q), 20));
        yield return V(
            "kyle_lambda_48", "48 x 5m", "log ratio / base asset", FeatureScale.Base,
            "least-squares slope with intercept of log_return_1 on signed volume 2 * taker buy volume - volume over "
            + "48 bars", "close, taker buy volume, volume", 49,
            (g, b, s) => g.Slope(
                g.Map("signed", b.TakerBuyVolume, b.Volume, static (t, v) => (2 * t) - v), LogReturn(s), 48));
    }

    private static Series SignedVolume(SeriesGraph g, BarSeries b) =>
        g.Map("obv", g.Difference(b.Close, 1), b.Volume, static (d, v) => d > 0 ? v : d < 0 ? -v : d * 0);

    private static Series MoneyFlow(SeriesGraph g, BarSeries b)
    {
        Series multiplier = g.Map(
            "mfm", b.High, b.Low, b.Close, static (h, l, c) => h == l ? 0 : ((c - l) - (h - c)) / (h - l));
        return g.Multiply(multiplier, b.Volume);
    }

    private static Series MoneyFlowIndex(SeriesGraph g, BarSeries b)
    {
        Series typical = Typical(g, b);
        Series change = g.Difference(typical, 1);
        Series flow = g.Multiply(typical, b.Volume);
        Series positive = g.Sum(g.Map("inflow", change, flow, static (d, f) => d > 0 ? f : d * 0), 14);
        Series negative = g.Sum(g.Map("outflow", change, flow, static (d, f) => d < 0 ? f : d * 0), 14);
        return g.Map("mfi", positive, negative, static (p, n) => 100 * p / (p + n));
    }

    private static Series Vwap(SeriesGraph g, BarSeries b) => g.Divide(g.Sum(b.QuoteVolume, Day), g.Sum(b.Volume, Day));

    private static Series EaseOfMovement(SeriesGraph g, BarSeries b)
    {
        Series move = g.Difference(g.Map("mid", b.High, b.Low, static (h, l) => (h + l) / 2), 1);
        Series ease = g.Map("ease", move, g.Subtract(b.High, b.Low), b.Volume, static (m, r, v) => m * r / v);
        return g.Mean(ease, 14);
    }
}
