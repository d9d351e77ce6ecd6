using Feeds.Core.Symbols;

namespace Feeds.Core.Catalogue;

/// <content>Funding and basis, liquidations, the long/short ratio.</content>
internal static partial class WideFeatures
{
    private static IEnumerable<Feature<WideState>> Funding()
    {
        static Feature<WideState> F(
            string name, string window, string unit, string formula, Func<FundingSeries, long, double> read,
            FeatureScale scale = FeatureScale.Ratio) =>
            Declare(
                "funding", "funding", name, window, unit, scale, formula, "settled rates, 60 s after their slot", 0,
                s => s.Graph.Read(name, () => read(s.Funding, s.Time)), "before its window of settlements is full");

        yield return F(
            "funding_rate", "now", "fraction per interval", "the last settled rate", static (f, _) => f.Rate);
        yield return F(
            "funding_rate_8h", "now", "fraction per 8 h", "rate * 8 / hours since the settlement before",
            static (f, _) => f.RatePer8Hours);
        yield return F(
            "funding_zscore_30d", "30d", "standard deviations",
            "z-score of funding_rate_8h among the settlements that became known in (time - 30 d, time]",
            static (f, t) => f.ZScoreOf30Days(t));
        yield return F(
            "funding_change", "2 settlements", "fraction", "rate - rate of the settlement before",
            static (f, _) => f.Change);
        yield return F(
            "funding_change_24h", "24h", "fraction", "rate known now - rate known 24 h ago",
            static (f, t) => f.ChangeOfDay(t));
        yield return F(
            "cumulative_funding_7d", "7d", "fraction", "sum of the rates that became known in (time - 7 d, time]",
            static (f, t) => f.Cumulative(t, 7));
        yield return F(
            "cumulative_funding_30d", "30d", "fraction", "sum of the rates that became known in (time - 30 d, time]",
            static (f, t) => f.Cumulative(t, 30));
        yield return F(
            "funding_zscore", "90 settlements", "standard deviations", "(rate - mean) / std over 90 settlements",
            static (f, _) => f.ZScore);
        yield return F(
            "funding_percentile", "90 settlements", "share", "share of the last 90 rates at most the current one",
            static (f, _) => f.Percentile);
        yield return F(
            "funding_extreme_positive", "90 settlements", "0, 1", "funding_percentile >= 0.95",
            static (f, _) => Flag(f.Percentile, f.Percentile >= 0.95), FeatureScale.Flag);
        yield return F(
            "funding_extreme_negative", "90 settlements", "0, 1", "funding_percentile <= 0.05",
            static (f, _) => Flag(f.Percentile, f.Percentile <= 0.05), FeatureScale.Flag);
        yield return F(
            "funding_ema_9", "9 settlements", "fraction per interval", "EMA(9) over the settlements",
            static (f, _) => f.Ema9);
        yield return F(
            "funding_annualized", "now", "fraction per year",
            "rate * 365 * 24 / hours between the two newest settlements", static (f, _) => f.Annualized);
        yield return F(
            "hours_to_funding", "now", "hours", "hours to the next settlement, above 0; unknown when overdue",
            static (f, t) => f.HoursToNext(t));
        yield return Declare(
            "funding", "mark", "basis", "now", "fraction", FeatureScale.Ratio, "(mark - index) / index",
            "closes of 5m mark and index bars", 1,
            Basis, "a close is older than 15 min");
        yield return Declare(
            "funding", "mark", "basis_zscore_288", "24h", "standard deviations", FeatureScale.Ratio,
            "(basis - mean) / std over 288 rows",
            "closes of 5m mark and index bars", Day, s => s.Graph.ZScore(Basis(s), Day));
    }

    private static IEnumerable<Feature<WideState>> Liquidations()
    {
        static Feature<WideState> L(
            string name, string window, string unit, FeatureScale scale, string formula, int warmUp,
            Func<SeriesGraph, WideState, Series> make) =>
            Declare(
                "liquidations", "liq", name, window, unit, scale, formula,
                "average price * filled quantity, side; a lower bound", warmUp,
                s => make(s.Graph, s), "its window was not recorded whole");

        yield return L(
            "liq_volume_1h", "1h", "USD", FeatureScale.Usd, "USD liquidated on both sides", Hour,
            (_, s) => LiquidatedHour(s));
        yield return L(
            "liq_count_1h", "1h", "orders", FeatureScale.Count, "orders", Hour,
            (g, s) => g.Read("liq_count", () => s.Liquidated(1, static t => t.Count)));
        yield return L(
            "liq_long_volume", "1h", "USD", FeatureScale.Usd, "USD of longs liquidated (forced sells)", Hour,
            (_, s) => LiquidatedLong(s));
        yield return L(
            "liq_short_volume", "1h", "USD", FeatureScale.Usd, "USD of shorts liquidated (forced buys)", Hour,
            (_, s) => LiquidatedShort(s));
        yield return L(
            "liq_ratio_1h", "1h", "-1..1", FeatureScale.Ratio, "(short - long) / (short + long)", Hour,
            (g, s) => g.Read("liq_ratio", () => s.Liquidated(1, static t => t.NetUsd / t.Usd)));
        yield return L(
            "net_liq_usd_1h", "1h", "USD", FeatureScale.Usd, "short - long", Hour,
            (g, s) => g.Read("liq_net_1h", () => s.Liquidated(1, static t => t.NetUsd)));
        yield return L(
            "net_liq_usd_8h", "8h", "USD", FeatureScale.Usd, "short - long", 8 * Hour,
            (g, s) => g.Read("liq_net_8h", () => s.Liquidated(8, static t => t.NetUsd)));
        yield return L(
            "liq_spike", "24h", "0, 1", FeatureScale.Flag, "liq_volume_1h > mean + 3 std of 288 rows", Hour + Day - 1,
            (g, s) => Spike(g, LiquidatedHour(s)));
        yield return L(
            "liq_spike_long", "24h", "0, 1", FeatureScale.Flag, "liq_long_volume > mean + 3 std of 288 rows",
            Hour + Day - 1, (g, s) => Spike(g, LiquidatedLong(s)));
        yield return L(
            "liq_spike_short", "24h", "0, 1", FeatureScale.Flag, "liq_short_volume > mean + 3 std of 288 rows",
            Hour + Day - 1, (g, s) => Spike(g, LiquidatedShort(s)));
        yield return L(
            "liq_momentum", "2h", "USD", FeatureScale.Usd, "liq_volume_1h minus that of the hour before", 2 * Hour,
            (g, s) => g.Difference(LiquidatedHour(s), Hour));
        yield return L(
            "liq_zscore_288", "24h", "standard deviations", FeatureScale.Ratio,
            "(liq_volume_1h - mean) / std over 288 rows", Hour + Day - 1, (g, s) => g.ZScore(LiquidatedHour(s), Day));
        yield return L(
            "liq_to_volume_1h", "1h", "fraction", FeatureScale.Ratio, "liq_volume_1h / quote volume of 12 bars", Hour,
            (g, s) => g.Divide(LiquidatedHour(s), g.Sum(s.Bars.QuoteVolume, Hour)));
        yield return Declare(
            "liquidations", "liq", "minutes_since_liq", "since the last", "minutes", FeatureScale.Count,
            "minutes since the last order", "event time", 0,
            s => s.Graph.Read("liq_age", () => s.MinutesSinceLiquidation), "none was recorded yet");
    }

    private static IEnumerable<Feature<WideState>> Ratio()
    {
        static Feature<WideState> R(
            string name, string window, string unit, FeatureScale scale, string formula, int warmUp,
            Func<SeriesGraph, Series, Series> make) =>
            Declare(
                "ratio", "ls_ratio", name, window, unit, scale, formula,
                "long/short ratio of top traders by accounts, 5m records, known 5 min after their stamp", warmUp,
                s => make(s.Graph, RatioOf(s)), "before its window is full, or with a record older than 15 min inside");

        yield return R("long_short_ratio", "now", "ratio", FeatureScale.Ratio, "longs / shorts", 1, static (_, r) => r);
        foreach ((string name, int rows) in ((string, int)[])[("1h", Hour), ("4h", 4 * Hour), ("24h", Day)])
        {
            yield return R(
                $"ls_ratio_change_{name}", name, "ratio", FeatureScale.Ratio, $"ratio - ratio {name} before", rows + 1,
                (g, r) => g.Difference(r, rows));
        }

        yield return R(
            "ls_ratio_percentile", "24h", "share", FeatureScale.Ratio,
            "share of the last 288 values at most the current one", Day, static (g, r) => g.Percentile(r, Day));
        yield return R(
            "ls_ratio_extreme_long", "24h", "0, 1", FeatureScale.Flag, "ls_ratio_percentile >= 0.95", Day,
            static (g, r) => Flagged(g, g.Percentile(r, Day), high: true));
        yield return R(
            "ls_ratio_extreme_short", "24h", "0, 1", FeatureScale.Flag, "ls_ratio_percentile <= 0.05", Day,
            static (g, r) => Flagged(g, g.Percentile(r, Day), high: false));
        yield return R(
            "ls_ratio_zscore_288", "24h", "standard deviations", FeatureScale.Ratio,
            "(ratio - mean) / std over 288 rows", Day, static (g, r) => g.ZScore(r, Day));
    }

    private static Series Basis(WideState s) => s.Graph.Read("basis", s.Basis);

    private static Series LiquidatedLong(WideState s) =>
        s.Graph.Read("liq_long", () => s.Liquidated(1, static t => t.LongUsd));

    private static Series LiquidatedShort(WideState s) =>
        s.Graph.Read("liq_short", () => s.Liquidated(1, static t => t.ShortUsd));

    private static Series Spike(SeriesGraph g, Series x) =>
        g.Map("spike", x, g.Mean(x, Day), g.Std(x, Day),
            static (v, mean, std) => Flag(v + mean + std, v > mean + (3 * std)));
}
