using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Core.Symbols;

namespace Feeds.Core.Catalogue;

/// <summary>The declarations of the golden vector, in the order of its columns.</summary>
internal static class GoldenFeatures
{
    // After so many bars a recursion has forgotten where it began, within 1e-6: (13/14)^236 and (25/27)^300 are below
    // 1e-7.
    private const int WilderWarmUp = 250;
    private const int MacdWarmUp = 300;

    private static readonly (string Name, int Minutes)[] Momentum = [("1m", 1), ("5m", 5), ("1h", 60), ("4h", 240)];
    private static readonly (string Name, int Minutes)[] Volatility = [("15m", 15), ("1h", 60)];
    private static readonly (string Name, int Index)[] BookWindows = [("1m", 0), ("5m", 1)];

    /// <summary>Every feature of the vector.</summary>
    public static IReadOnlyList<Feature<GoldenState>> All { get; } =
        [.. MomentumFeatures(), .. Microstructure(), .. Derivatives(), .. VolatilityFeatures(), .. Correlation(),
            .. Clock()];

    private static IEnumerable<Feature<GoldenState>> MomentumFeatures()
    {
        foreach ((string name, int minutes) in Momentum)
        {
            yield return OfBars(
                "momentum", $"rsi_14_{name}", name, minutes, 14, WilderWarmUp, "0-100", FeatureScale.Ratio,
                "RSI(14) of the closes: 100 * mean gain / (mean gain + mean loss), Wilder means", "close",
                (g, b) => g.Rsi(b.Close, 14), "flat window");
        }

        foreach ((string name, int minutes) in Momentum)
        {
            yield return OfBars(
                "momentum", $"macd_hist_{name}", name, minutes, 26, MacdWarmUp, "quote currency", FeatureScale.Price,
                "MACD(12, 26) of the closes minus its EMA(9)", "close", (g, b) => g.MacdHistogram(b.Close));
        }

        foreach ((string name, int minutes) in Momentum)
        {
            yield return OfBars(
                "momentum", $"macd_hist_bps_{name}", name, minutes, 26, MacdWarmUp, "bps", FeatureScale.Ratio,
                "10000 * MACD histogram / close", "close",
                (g, b) => g.Map("bps", g.MacdHistogram(b.Close), b.Close, static (h, c) => 10_000 * h / c));
        }

        foreach ((string name, int minutes) in Momentum)
        {
            yield return OfBars(
                "momentum", $"roc_10_{name}", name, minutes, 10, 11, "percent", FeatureScale.Ratio,
                "100 * (close / close 10 bars before - 1)", "close",
                (g, b) => g.Map("percent", g.Return(b.Close, 10), static r => 100 * r));
        }
    }

    private static IEnumerable<Feature<GoldenState>> Microstructure()
    {
        foreach ((string name, int window) in BookWindows)
        {
            yield return OfBook(
                $"obi_top_{name}", name, "share",
                "imbalance bid / (bid + ask) of the best depth_levels levels, unsmoothed", 0, window);
        }

        foreach ((int levels, int measure) in ((int, int)[])[(5, 1), (10, 2), (20, 3)])
        {
            foreach ((string name, int window) in BookWindows)
            {
                yield return OfBook(
                    $"depth_ratio_l{levels}_{name}", name, "-1..1",
                    $"(bid quantity - ask quantity) / (bid quantity + ask quantity) over {levels} levels", measure,
                    window,
                    $"a side has fewer than {levels} levels");
            }
        }

        foreach ((string name, int window) in ((string, int)[])[("1m", 0), ("5m", 1), ("1h", 2)])
        {
            yield return OfTrades(
                $"tfi_{name}", name, $"(bought - sold) / (bought + sold) quantity of the taker's side over {name}",
                name,
                s => () => s.FlowImbalance(window), "no volume in the window");
        }

        yield return OfTrades(
            "tfi_accel", "5m", "tfi_1m - tfi_5m", "5m",
            s => () => s.FlowImbalance(0) - s.FlowImbalance(1), "no volume in the last minute");
        yield return OfTrades(
            "tfi_decay", "half-life 5m",
            "sum of s * q * 2^(-age / 5 min) / sum of q * 2^(-age / 5 min) over all trades, s = +1 bought, -1 sold",
            "1h", s => () => s.DecayedImbalance, "trades observed for less than 120 min",
            warmUpMinutes: (int)(GoldenState.DecayWarmUpMs / 60_000));
        foreach ((string name, int window) in BookWindows)
        {
            yield return OfBook(
                $"spread_bps_{name}", name, "bps", "10000 * (best ask - best bid) / mid", 4, window, "a side is empty");
        }

        yield return Declare(
            "microstructure", "micro_price_dev_bps", "now", "bps", FeatureScale.Ratio,
            "10000 * (microprice - mid) / mid, microprice = (bid * ask quantity + ask * bid quantity) / (bid "
            + "quantity + ask quantity) at the best level",
            "depth", "best bid and ask", 0, "book older than 5 s", s => () => s.MicropriceDeviationBps);
        yield return Declare(
            "microstructure", "book_slope_l20", "now", "-1..1", FeatureScale.Ratio,
            "per side the quantity of 20 levels / distance of the last from mid in bps; (bid - ask) / (bid + ask)",
            "depth", "20 levels", 0, "book older than 5 s, or a side with fewer than 20 levels",
            s => () => s.BookSlope);
    }

    private static IEnumerable<Feature<GoldenState>> Derivatives()
    {
        yield return Declare(
            "derivatives", "funding_rate", "now", "fraction per interval", FeatureScale.Ratio,
            "the last settled rate, 60 s after its slot",
            "funding", "funding rate", 0, "no settlement yet", s => () => s.FundingRate);
        yield return Declare(
            "derivatives", "predicted_funding", "now", "fraction per interval", FeatureScale.Ratio,
            "the running estimate of the newest mark event",
            "mark", "predicted funding rate", 0, "mark older than 10 s", s => () => s.PredictedFundingRate);
        yield return Declare(
            "derivatives", "basis", "now", "fraction", FeatureScale.Ratio,
            "(mark - index) / index of the newest mark, or of the premium index while the mark is stale; in history "
            + "of the newest mark and index bars",
            "mark", "mark price, index price", 0, "all stale", s => () => s.Basis);
        foreach (int hours in (int[])[1, 8])
        {
            yield return Declare(
                "derivatives", $"oi_change_{hours}h", $"{hours}h", "fraction", FeatureScale.Ratio,
                $"open interest / open interest as known {hours} h ago - 1; a record is known 5 min after its stamp",
                "oi_hist", "open interest", (hours * 60) + 20, "a record is missing or older than 15 min",
                s => () => s.OpenInterestChange(hours));
        }

        foreach ((string name, Func<GoldenState, Func<double>> bind) in NetLiquidations())
        {
            yield return OfLiquidations(
                $"net_liq_usd_{name}", name, "USD", FeatureScale.Usd,
                "USD of shorts liquidated - USD of longs; lower bounds", bind);
        }

        yield return OfLiquidations(
            "liq_long_usd_1h", "1h", "USD", FeatureScale.Usd,
            "USD of longs liquidated (forced sells): average price * filled quantity; a lower bound",
            s => () => s.Hour.LongUsd);
        yield return OfLiquidations(
            "liq_short_usd_1h", "1h", "USD", FeatureScale.Usd,
            "USD of shorts liquidated (forced buys): average price * filled quantity; a lower bound",
            s => () => s.Hour.ShortUsd);
        yield return OfLiquidations(
            "liq_censored_share_1h", "1h", "share", FeatureScale.Ratio,
            "share of the seconds that had an order and may hide more, as at most one a second is published",
            s => () => s.Hour.Seconds / 3600.0);
        yield return OfLiquidations(
            "liq_censored_share_8h", "8h", "share", FeatureScale.Ratio,
            "share of the seconds that had an order and may hide more, as at most one a second is published",
            s => () => s.EightHours.Seconds / 28_800.0);
        foreach ((string name, Func<GoldenState, Func<double>> bind) in NetLiquidations())
        {
            yield return OfLiquidations(
                $"net_liq_to_oi_{name}", name, "fraction", FeatureScale.Ratio, "net_liq_usd / open interest value",
                s =>
                {
                    Func<double> net = bind(s);
                    return () => net() / s.OpenInterestValue;
                },
                "open interest missing or older than 15 min");
        }

        yield return Declare(
            "derivatives", "oi_price_state_1h", "1h", "1, 2, 3, 4", FeatureScale.Flag,
            "1 price up, OI up; 2 price up, OI down; 3 price down, OI up; 4 price down, OI down; over 1 h",
            "oi_hist, bars", "oi_change_1h, close", 80, "either is unchanged or unknown",
            s => () => State(s.Own.Return(s.Own.Newest, 60), s.OpenInterestChange(1)));
    }

    private static IEnumerable<Feature<GoldenState>> VolatilityFeatures()
    {
        foreach ((string name, int minutes) in Volatility)
        {
            yield return OfBars(
                "volatility", $"atr_14_{name}", name, minutes, 14, WilderWarmUp, "quote currency", FeatureScale.Price,
                "ATR(14): Wilder mean of the true range", "high, low, close",
                (g, b) => g.Atr(b.High, b.Low, b.Close, 14));
        }

        foreach ((string name, int minutes) in Volatility)
        {
            yield return OfBars(
                "volatility", $"bb_width_20_{name}", name, minutes, 20, 20, "fraction", FeatureScale.Ratio,
                "(upper - lower) / mid of the Bollinger bands (20, 2, sample std)", "close",
                (g, b) => g.BollingerWidth(b.Close, 20));
        }

        foreach ((string name, int minutes) in Volatility)
        {
            yield return OfBars(
                "volatility", $"natr_14_{name}", name, minutes, 14, WilderWarmUp, "percent", FeatureScale.Ratio,
                "100 * ATR(14) / close", "high, low, close",
                (g, b) => g.Map("natr", g.Atr(b.High, b.Low, b.Close, 14), b.Close, static (a, c) => 100 * a / c));
        }

        yield return OfBars(
            "volatility", "realized_vol_60_1m", "1m", 1, 60, 61, "fraction per minute", FeatureScale.Ratio,
            "sample std of 60 one-minute log returns", "close", (g, b) => g.Std(g.LogReturn(b.Close, 1), 60));
    }

    private static IEnumerable<Feature<GoldenState>> Correlation()
    {
        yield return OfContext(
            "beta_btc_1h", "1h", "beta", "cov / var of 60 one-minute log returns on BTC's",
            s => () => s.Context.Hour.Slope);
        yield return OfContext(
            "beta_btc_24h", "24h", "beta", "cov / var of 1440 one-minute log returns on BTC's",
            s => () => s.Context.Day.Slope);
        yield return OfContext(
            "corr_btc_1h", "1h", "-1..1", "Pearson correlation of 60 one-minute log returns with BTC's",
            s => () => s.Context.Hour.Correlation);
        yield return OfContext(
            "corr_btc_24h", "24h", "-1..1", "Pearson correlation of 1440 one-minute log returns with BTC's",
            s => () => s.Context.Day.Correlation);
        yield return OfContext(
            "rs_eth_1h", "1h", "fraction", "return - ETH's return over 1 h", s => () => s.Context.AgainstSecondHour);
        yield return OfContext(
            "rs_eth_24h", "24h", "fraction", "return - ETH's return over 24 h", s => () => s.Context.AgainstSecondDay);
        yield return OfContext(
            "sector_rel_1h", "1h", "fraction",
            "return - return of the other members of the sector, equal weight, over 1 h",
            s => () => s.Context.AgainstSectorHour);
        yield return OfContext(
            "sector_rel_24h", "24h", "fraction",
            "return - return of the other members of the sector, equal weight, over 24 h",
            s => () => s.Context.AgainstSectorDay);
    }

    private static IEnumerable<Feature<GoldenState>> Clock()
    {
        const long Day = 86_400_000;
        const long Week = 7 * Day;

        // 1970-01-01 was a Thursday: three days after a Monday.
        yield return OfClock(
            "tod_sin", "sine of the second of the UTC day", s => () => DeterministicMath.Sin(Turn(s.Time, Day)));
        yield return OfClock(
            "tod_cos", "cosine of the second of the UTC day", s => () => DeterministicMath.Cos(Turn(s.Time, Day)));
        yield return OfClock(
            "tow_sin", "sine of the second of the week from Monday 00:00 UTC",
            s => () => DeterministicMath.Sin(Turn(s.Time + (3 * Day), Week)));
        yield return OfClock(
            "tow_cos", "cosine of the second of the week from Monday 00:00 UTC",
            s => () => DeterministicMath.Cos(Turn(s.Time + (3 * Day), Week)));
    }

    /// <summary>
    /// 1 price up, OI up; 2 price up, OI down; 3 price down, OI up; 4 both down; NaN when either did not move.
    /// </summary>
    internal static double State(double priceChange, double openInterestChange) =>
        (priceChange, openInterestChange) switch
        {
            ( > 0, > 0) => 1,
            ( > 0, < 0) => 2,
            ( < 0, > 0) => 3,
            ( < 0, < 0) => 4,
            _ => double.NaN,
        };

    /// <summary>The angle in radians of a time within a period.</summary>
    internal static double Turn(long time, long periodMs) => 2 * Math.PI * ((double)(time % periodMs) / periodMs);

    private static (string Name, Func<GoldenState, Func<double>> Bind)[] NetLiquidations() =>
        [("1h", s => () => s.Hour.NetUsd), ("8h", s => () => s.EightHours.NetUsd)];

    private static Feature<GoldenState> OfBars(
        string group,
        string name,
        string length,
        int minutes,
        int bars,
        int warmUpBars,
        string unit,
        FeatureScale scale,
        string formula,
        string inputs,
        Func<SeriesGraph, BarSeries, Series> make,
        string nullRule = "")
    {
        string window =
            (bars * minutes) switch { <= 60 => "1h", <= 480 => "8h", <= 1440 => "24h", <= 2880 => "48h", _ => "7d" };
        return new Feature<GoldenState>(
            new FeatureDefinition
            {
                Set = "golden",
                Name = name,
                Group = group,
                Window = $"{bars} x {length}",
                Unit = unit,
                Scale = scale,
                Formula = formula,
                Source = "bars",
                Inputs = $"{inputs} of {length} bars",
                WarmUpMinutes = warmUpBars * minutes,
                BarMinutes = minutes,
                CoverageColumn = CoverageColumns.Name(Feed.Bars, window),
                MinimumCoverage = 0.9,
                NullRule = $"before {warmUpBars} bars of {length}"
                    + (nullRule.Length > 0 ? "; " + nullRule : string.Empty),
            },
            state =>
            {
                BarSeries series = state.Bars(minutes * 60_000);
                Series value = series.Graph.AfterWarmUp(make(series.Graph, series), warmUpBars);
                return () => value.Value;
            });
    }

    private static Feature<GoldenState> OfBook(
        string name, string window, string unit, string formula, int measure, int index,
        string nullRule = "the levels are empty") =>
        Declare(
            "microstructure", name, window, unit, FeatureScale.Ratio, formula + $", time-weighted mean over {window}",
            "depth", "levels",
            window == "1m"
                ? 1 : 5, nullRule, s => () => s.BookMean(measure, index), CoverageColumns.Name(Feed.Depth, window),
                0.8);

    private static Feature<GoldenState> OfTrades(
        string name, string window, string formula, string covered, Func<GoldenState, Func<double>> bind,
        string nullRule, int? warmUpMinutes = null) =>
        Declare(
            "microstructure", name, window, "-1..1", FeatureScale.Ratio, formula, "trades", "quantity, taker's side",
            warmUpMinutes
                ?? (covered == "1m" ? 1 : covered == "5m" ? 5 : 60), nullRule, bind,
                CoverageColumns.Name(Feed.Trades, covered), 0.8);

    private static Feature<GoldenState> OfLiquidations(
        string name, string window, string unit, FeatureScale scale, string formula,
        Func<GoldenState, Func<double>> bind, string nullRule = "") =>
        Declare(
            "derivatives", name, window, unit, scale, formula, "liq", "average price, filled quantity, side",
            window == "1h" ? 60 : 480,
            nullRule, bind, CoverageColumns.Name(Feed.Liquidations, window), 0.8);

    private static Feature<GoldenState> OfContext(
        string name, string window, string unit, string formula, Func<GoldenState, Func<double>> bind) =>
        Declare(
            "correlation", name, window, unit, FeatureScale.Ratio, formula, "bars",
            "close of 1m bars, own and of the context",
            window == "1h" ? 61 : 1441, "a minute of either is missing, or the context is more than 2 minutes behind",
            bind, CoverageColumns.Name(Feed.Bars, window), 0.9, barMinutes: 1);

    private static Feature<GoldenState> OfClock(string name, string formula, Func<GoldenState, Func<double>> bind) =>
        Declare("context", name, "now", "-1..1", FeatureScale.Cyclic, formula, "clock", "the row's time", 0, "never",
            bind);

    private static Feature<GoldenState> Declare(
        string group,
        string name,
        string window,
        string unit,
        FeatureScale scale,
        string formula,
        string source,
        string inputs,
        int warmUpMinutes,
        string nullRule,
        Func<GoldenState, Func<double>> bind,
        string? coverage = null,
        double minimumCoverage = 0,
        int barMinutes = 0)
    {
        string below = coverage is null ? string.Empty : $"{coverage} below {minimumCoverage:0.0}";
        return new Feature<GoldenState>(
            new FeatureDefinition
            {
                Set = "golden",
                Name = name,
                Group = group,
                Window = window,
                Unit = unit,
                Scale = scale,
                Formula = formula,
                Source = source,
                Inputs = inputs,
                WarmUpMinutes = warmUpMinutes,
                BarMinutes = barMinutes,
                CoverageColumn = coverage,
                MinimumCoverage = minimumCoverage,
                NullRule = nullRule.Length > 0 && below.Length > 0 ? $"{nullRule}; {below}" : nullRule + below,
            },
            bind);
    }
}
