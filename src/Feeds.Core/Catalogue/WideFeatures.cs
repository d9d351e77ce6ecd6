using Feeds.Core.Symbols;

namespace Feeds.Core.Catalogue;

/// <summary>
/// The declarations of the wide set, in the order of its columns: everything is over the 5-minute bars of one symbol.
/// </summary>
internal static partial class WideFeatures
{
    // After so many bars a recursion has forgotten where it began, within 1e-6.
    private const int WilderWarmUp = 250;
    private const int MacdWarmUp = 300;
    private const int Hour = 12;
    private const int Day = 288;

    /// <summary>Every feature of the set.</summary>
    public static IReadOnlyList<Feature<WideState>> All { get; } =
    [
        .. OpenInterest(), .. Price(), .. Volume(), .. Funding(), .. Liquidations(), .. Ratio(), .. Clock(),
        .. Context(),
        .. Interactions(),
    ];

    private static Feature<WideState> Declare(
        string group,
        string source,
        string name,
        string window,
        string unit,
        FeatureScale scale,
        string formula,
        string inputs,
        int warmUpBars,
        Func<WideState, Series> make,
        string nullRule = "before its window is full, with an unknown value inside, or a zero denominator") =>
        new(
            new FeatureDefinition
            {
                Set = "wide",
                Name = name,
                Group = group,
                Window = window,
                Unit = unit,
                Scale = scale,
                Formula = formula,
                Source = source,
                Inputs = inputs,
                WarmUpMinutes = warmUpBars * 5,
                NullRule = nullRule,
            },
            state =>
            {
                Series value = make(state);
                return () => value.Value;
            });

    // A ratio of 1 where the condition holds, 0 where not, NaN where it is unknown.
    private static double Flag(double value, bool holds) => double.IsNaN(value) ? double.NaN : holds ? 1 : 0;

    private static Series Flagged(SeriesGraph graph, Series percentile, bool high) => high
        ? graph.Map("high95", percentile, static p => Flag(p, p >= 0.95))
        : graph.Map("low05", percentile, static p => Flag(p, p <= 0.05));

    private static Series LogReturn(WideState s) => s.Graph.LogReturn(s.Bars.Close, 1);

    private static Series OpenInterestOf(WideState s) => s.Graph.Read("oi", s.OpenInterest);

    private static Series VolumeRatio(WideState s) => s.Graph.Divide(s.Bars.Volume, s.Graph.Mean(s.Bars.Volume, 20));

    private static Series Volatility(WideState s, int n) => s.Graph.Std(LogReturn(s), n);

    private static Series FundingZScore(WideState s) => s.Graph.Read("funding_zscore", () => s.Funding.ZScore);

    private static Series RatioOf(WideState s) => s.Graph.Read("ls_ratio", s.LongShortRatio);

    private static Series LiquidatedHour(WideState s) =>
        s.Graph.Read("liq_1h", () => s.Liquidated(1, static t => t.Usd));
}
