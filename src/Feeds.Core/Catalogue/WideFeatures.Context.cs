using System.Globalization;
using Feeds.Core.Numerics;
using Feeds.Core.Symbols;

namespace Feeds.Core.Catalogue;

/// <content>Time, market context and interactions.</content>
internal static partial class WideFeatures
{
    private static IEnumerable<Feature<WideState>> Clock()
    {
        static Feature<WideState> T(
            string name, string unit, FeatureScale scale, string formula, Func<DateTime, double> read) =>
            Declare(
                "time", "clock", name, "now", unit, scale, formula, "the row's time", 0,
                s => s.Graph.Read(name, () => read(DateTimeOffset.FromUnixTimeMilliseconds(s.Time).UtcDateTime)),
                "never");

        (string Name, string Formula, Func<DateTime, double> Share)[] circles =
        [
            ("hour", "(hour + minute / 60) of 24", static t => (t.Hour + (t.Minute / 60.0)) / 24),
            ("day", "day of the week (Monday 0) of 7", static t => (((int)t.DayOfWeek + 6) % 7) / 7.0),
            ("week", "ISO week of 52.1775", static t => ISOWeek.GetWeekOfYear(t) / 52.1775),
            ("month", "month (January 1) of 12", static t => t.Month / 12.0),
        ];
        foreach ((string name, string formula, Func<DateTime, double> share) in circles)
        {
            yield return T(
                $"{name}_sin", "-1..1", FeatureScale.Cyclic, $"sine of {formula}",
                t => DeterministicMath.Sin(2 * Math.PI * share(t)));
            yield return T(
                $"{name}_cos", "-1..1", FeatureScale.Cyclic, $"cosine of {formula}",
                t => DeterministicMath.Cos(2 * Math.PI * share(t)));
        }

        yield return T(
            "is_asia_session", "0, 1", FeatureScale.Flag, "hour in 00-09 UTC", static t => t.Hour < 9 ? 1 : 0);
        yield return T(
            "is_eu_session", "0, 1", FeatureScale.Flag, "hour in 07-16 UTC", static t => t.Hour is >= 7 and < 16
                ? 1 : 0);
        yield return T(
            "is_us_session", "0, 1", FeatureScale.Flag, "hour in 13-22 UTC", static t => t.Hour is >= 13 and < 22
                ? 1 : 0);
        yield return T(
            "is_weekend", "0, 1", FeatureScale.Flag, "Saturday or Sunday",
            static t => t.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1 : 0);
    }

    private static IEnumerable<Feature<WideState>> Context()
    {
        static Feature<WideState> C(
            string name, string window, string unit, string formula, Func<ContextMinutes, WideState, double> read) =>
            Declare(
                "context", "bars", name, window, unit, FeatureScale.Ratio, formula,
                "closes of 1m bars, own and of the context",
                string.Equals(window, "1h", StringComparison.Ordinal)
                    ? Hour + 1 : Day + 1, s => s.Graph.Read(name, () => read(s.Context, s)),
                "a minute of either is missing");

        yield return C(
            "beta_btc_1h", "1h", "beta", "cov / var of 60 one-minute log returns on BTC's",
            static (c, _) => c.Hour.Slope);
        yield return C(
            "beta_btc_24h", "24h", "beta", "cov / var of 1440 one-minute log returns on BTC's",
            static (c, _) => c.Day.Slope);
        yield return C(
            "corr_btc_1h", "1h", "-1..1", "Pearson correlation of 60 one-minute log returns with BTC's",
            static (c, _) => c.Hour.Correlation);
        yield return C(
            "corr_btc_24h", "24h", "-1..1", "Pearson correlation of 1440 one-minute log returns with BTC's",
            static (c, _) => c.Day.Correlation);
        yield return C("rs_eth_1h", "1h", "fraction", "return - ETH's return", static (c, _) => c.AgainstSecondHour);
        yield return C("rs_eth_24h", "24h", "fraction", "return - ETH's return", static (c, _) => c.AgainstSecondDay);
        yield return C("rs_btc_1h", "1h", "fraction", "return - BTC's return", static (c, _) => c.AgainstMarketHour);
        yield return C("rs_btc_24h", "24h", "fraction", "return - BTC's return", static (c, _) => c.AgainstMarketDay);
        yield return C(
            "resid_btc_1h", "1h", "fraction", "return - beta_btc_1h * BTC's return",
            static (c, _) => Residual(c.AgainstMarketHour, c.MarketReturnHour, c.Hour.Slope));
        yield return C(
            "resid_btc_24h", "24h", "fraction", "return - beta_btc_24h * BTC's return",
            static (c, _) => Residual(c.AgainstMarketDay, c.MarketReturnDay, c.Day.Slope));
        yield return C(
            "sector_rel_1h", "1h", "fraction", "return - return of the other members of the sector, equal weight",
            static (c, _) => c.AgainstSectorHour);
        yield return C(
            "sector_rel_24h", "24h", "fraction", "return - return of the other members of the sector, equal weight",
            static (c, _) => c.AgainstSectorDay);
    }

    private static IEnumerable<Feature<WideState>> Interactions()
    {
        static Feature<WideState> I(
            string name, string unit, FeatureScale scale, string formula, int warmUp,
            Func<SeriesGraph, WideState, Series> make) =>
            Declare("interactions", "features", name, "as its parts", unit, scale, formula, formula, warmUp,
                s => make(s.Graph, s), "one of its parts is unknown");

        yield return I(
            "oi_volume_interaction", "fraction", FeatureScale.Ratio, "oi_pct_change_1 * volume_ratio", 20,
            (g, s) => g.Multiply(g.Return(OpenInterestOf(s), 1), VolumeRatio(s)));
        yield return I(
            "oi_price_strength", "fraction^2", FeatureScale.Ratio, "oi_pct_change_20 * returns_20", 21,
            (g, s) => g.Multiply(g.Return(OpenInterestOf(s), 20), g.Return(s.Bars.Close, 20)));
        yield return I(
            "oi_price_state_1h", "1, 2, 3, 4", FeatureScale.Flag,
            "1 price up, OI up; 2 price up, OI down; 3 price down, OI up; 4 price down, OI down; over 1 h", Hour + 1,
            (g, s) => g.Map(
                "state", g.Return(s.Bars.Close, Hour), g.Return(OpenInterestOf(s), Hour), GoldenFeatures.State));
        yield return I(
            "funding_oi_divergence", "standard deviations", FeatureScale.Ratio, "funding_zscore - oi_zscore", 100,
            (g, s) => g.Subtract(FundingZScore(s), g.ZScore(OpenInterestOf(s), 100)));
        yield return I(
            "price_volume_corr_48", "-1..1", FeatureScale.Ratio,
            "Pearson correlation of log_return_1 and ln(volume / volume before) over 48 bars", 49,
            (g, s) => g.Correlation(LogReturn(s), g.LogReturn(s.Bars.Volume, 1), 48));
        yield return I(
            "oi_price_corr_48", "-1..1", FeatureScale.Ratio,
            "Pearson correlation of oi_log_change_1 and log_return_1 over 48 rows", 49,
            (g, s) => g.Correlation(g.LogReturn(OpenInterestOf(s), 1), LogReturn(s), 48));
        yield return I(
            "funding_ls_interaction", "standard deviations^2", FeatureScale.Ratio,
            "funding_zscore * ls_ratio_zscore_288", Day,
            (g, s) => g.Multiply(FundingZScore(s), g.ZScore(RatioOf(s), Day)));
        yield return I(
            "liq_volatility_interaction", "USD", FeatureScale.Usd, "liq_volume_1h * realized_vol_48", 49,
            (g, s) => g.Multiply(LiquidatedHour(s), Volatility(s, 48)));
        yield return I(
            "oi_liq_interaction", "USD", FeatureScale.Usd, "oi_pct_change_1 * liq_volume_1h", Hour,
            (g, s) => g.Multiply(g.Return(OpenInterestOf(s), 1), LiquidatedHour(s)));
        yield return I(
            "rsi_funding_interaction", "standard deviations", FeatureScale.Ratio, "(rsi_14 - 50) / 50 * funding_zscore",
            WilderWarmUp,
            (g, s) => g.Map(
                "rsifunding", g.Rsi(s.Bars.Close, 14), FundingZScore(s), static (r, f) => (r - 50) / 50 * f));
        yield return I(
            "volume_volatility_ratio", "ratio", FeatureScale.Ratio,
            "volume_ratio / (realized_vol_48 / its mean of 288 rows)", Day + 48,
            (g, s) => g.Divide(VolumeRatio(s), g.Divide(Volatility(s, 48), g.Mean(Volatility(s, 48), Day))));
        yield return I(
            "basis_funding_spread", "fraction", FeatureScale.Ratio, "basis - funding_rate", 1,
            (g, s) => g.Subtract(Basis(s), g.Read("funding_rate", () => s.Funding.Rate)));
    }

    private static double Residual(double againstMarket, double marketReturn, double beta) =>
        againstMarket + marketReturn - (beta * marketReturn);
}
