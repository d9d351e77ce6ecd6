using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Xunit;

namespace Feeds.Tests.Core.Symbols;

/// <summary>
/// What begins elsewhere agrees after the stated warm-up; what begins at the same place is the same to the bit.
/// </summary>
public sealed class WarmStartTests
{
    private const int Days = 62;
    private const long Now = GoldenMarket.Start + (Days * 86_400_000L);
    private const long LastTick = Now + (90 * 60_000L);

    [Fact]
    public void Bars_of_every_length_stand_for_the_minutes_they_are_made_of()
    {
        List<Bar> minutes = Minutes();
        FeatureRow whole = LastRow(minutes.Where(b => b.EndTime <= Now).Select(b => History(b)), minutes);

        // As a cold node has it: some bars of each length, received now in any order.
        List<MarketEvent> fetched = [];
        foreach (int length in (int[])[1, 5, 15, 60, 240])
        {
            fetched.AddRange(
                Longer(minutes.Where(b => b.EndTime <= Now), length).TakeLast(length == 1 ? 1_500 : 450).Select(
                    History));
        }

        new Random(1).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(fetched));
        FeatureRow warm = LastRow(fetched, minutes);
        for (int i = 0; i < FeatureCatalogue.Golden.Columns.Count; i++)
        {
            string column = FeatureCatalogue.Golden.Columns[i];
            double scale = column.StartsWith("macd_hist", StringComparison.Ordinal)
                ? 1e-3 * Math.Abs(whole.Values[0]) : 0;
            Assert.Equal(double.IsNaN(whole.Values[i]), double.IsNaN(warm.Values[i]));
            Assert.True(
                double.IsNaN(whole.Values[i])
                || Math.Abs(whole.Values[i] - warm.Values[i]) <= 1e-6 * Math.Max(Math.Abs(whole.Values[i]), scale),
                $"{column}: {whole.Values[i]:R}, {warm.Values[i]:R}");
        }

        Assert.All(
            (string[])["rsi_14_4h", "macd_hist_4h", "rsi_14_1h", "atr_14_1h", "roc_10_4h", "bb_width_20_15m",
                "realized_vol_60_1m"],
            c => Assert.False(double.IsNaN(GoldenVectorTests.Value(warm, c)), c));
    }

    [Fact]
    public void A_feature_is_unknown_before_its_stated_warm_up_and_known_after_it()
    {
        // A cold node without any history, trades and books for three hours in the end.
        List<Bar> minutes = Minutes();
        long fastFrom = LastTick - (3 * 3_600_000L);
        SymbolState state = new(GoldenMarket.Own);
        Dictionary<string, long> firstKnown = [];
        IEnumerable<MarketEvent> bars = minutes.Select(
            static bar => MarketEvent.ForBar(bar, bar.EndTime, bar.EndTime + 100, isFromStream: true));
        foreach (MarketEvent e in GoldenMarket.WithTicks(
            bars.Concat(GoldenMarket.Fast(3, fastFrom, 3 * 3600)), GoldenMarket.Start + 60_000, LastTick, 60_000))
        {
            if (state.Apply(e)?.Features is { } row)
            {
                for (int i = 0; i < row.Values.Length; i++)
                {
                    if (!double.IsNaN(row.Values[i])) firstKnown.TryAdd(FeatureCatalogue.Golden.Columns[i], row.Time);
                }
            }
        }

        FeatureDefinition[] ofBars = [.. FeatureCatalogue.Golden.Features.Where(
            static f => f.BarMinutes > 0 && f.Group is "momentum" or "volatility")];
        Assert.True(ofBars.Length > 20, $"{ofBars.Length}");
        Assert.All(ofBars, feature =>
        {
            // A bar is known two seconds after its end, so at the minute's tick after it; the window that is covered
            // may be the longer one.
            long known = (firstKnown[feature.Name] - GoldenMarket.Start) / 60_000;
            int covered = feature.CoverageColumn is { } column
                ? (int)Math.Ceiling(feature.MinimumCoverage * WindowMinutes(column)) : 0;
            int stated = Math.Max(feature.WarmUpMinutes, covered);
            Assert.True(known == stated + 1, $"{feature.Name}: known after {known} min, stated {stated}");
        });
        FeatureDefinition decayed = FeatureCatalogue.Golden.Features.Single(static f => f.Name == "tfi_decay");
        Assert.InRange((firstKnown["tfi_decay"] - fastFrom) / 60_000, decayed.WarmUpMinutes, decayed.WarmUpMinutes + 1);
    }

    [Fact]
    public void Built_bars_and_the_exchanges_own_give_the_same_bits()
    {
        // Both begin at the same bar of four hours: one has its minutes, the other bars of each length and then
        // minutes.
        List<Bar> minutes = [.. Minutes().Where(b => b.OpenTime >= Now - (10 * 86_400_000L))];
        FeatureRow built = LastRow(minutes.Where(b => b.EndTime <= Now).Select(History), minutes);
        List<MarketEvent> fetched = [];
        foreach (int length in (int[])[5, 15, 60, 240])
        {
            fetched.AddRange(Longer(minutes.Where(b => b.EndTime <= Now - 86_400_000L), length).Select(History));
        }

        fetched.AddRange(minutes.Where(b => b.EndTime <= Now && b.OpenTime >= Now - 86_400_000L).Select(History));
        FeatureRow given = LastRow(fetched, minutes);
        int known = 0;
        foreach (FeatureDefinition feature in FeatureCatalogue.Golden.Features.Where(
            f => f.Inputs.EndsWith("m bars", StringComparison.Ordinal)
            || f.Inputs.EndsWith("h bars", StringComparison.Ordinal)))
        {
            // One-minute recursions began a day ago in one of them.
            if (feature.Inputs.Contains(" 1m bars", StringComparison.Ordinal))
            {
                continue;
            }

            int i = FeatureCatalogue.Golden.IndexOf(feature.Name);
            Assert.Equal(
                BitConverter.DoubleToInt64Bits(built.Values[i]), BitConverter.DoubleToInt64Bits(given.Values[i]));
            known += double.IsNaN(built.Values[i]) ? 0 : 1;
        }

        Assert.InRange(known, 10, 40);
    }

    [Fact]
    public void History_that_comes_after_the_first_live_bars_gives_the_bits_of_one_that_came_before()
    {
        List<MarketEvent> live = [.. GoldenMarket.Slow(7, 1_700, missing: 0.01)];
        long cold = GoldenMarket.Start + (1_600 * 60_000L);
        long answered = cold + 200_500;
        List<FeatureRow> whole = Rows(live, GoldenMarket.Start, [], cold);

        // Started cold: the live bars come first, and more than three minutes later all that was before, newest first.
        List<MarketEvent> history = [.. live.Where(e => e.ReceiveTime < cold).Select(e => Received(e, answered))
            .Reverse()];
        history.Add(MarketEvent.ForGap(new Gap(Feed.Bars, 0, 0, GoldenMarket.Start, answered, Gap.Fetched), answered));
        List<FeatureRow> warm = Rows(live.Where(e => e.ReceiveTime >= cold), cold, history, cold);
        Assert.Equal(whole.Count, warm.Count);
        int known = 0;
        for (int i = 0; i < whole.Count; i++)
        {
            foreach (FeatureDefinition feature in FeatureCatalogue.Golden.Features.Where(
                f => f.Source.Contains("bars", StringComparison.Ordinal)))
            {
                double expected = GoldenVectorTests.Value(whole[i], feature.Name);
                double actual = GoldenVectorTests.Value(warm[i], feature.Name);
                if (warm[i].Time < answered)
                {
                    Assert.True(double.IsNaN(actual), $"{feature.Name} before the history came");
                    continue;
                }

                Assert.True(
                    BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual),
                    $"{feature.Name} at {warm[i].Time}: {expected:R}, {actual:R}");
                known += double.IsNaN(expected) ? 0 : 1;
            }
        }

        Assert.InRange(known, 1_000, 10_000);
    }

    [Fact]
    public void A_hole_that_is_fetched_leaves_no_trace()
    {
        List<MarketEvent> live = [.. GoldenMarket.Slow(8, 1_700, missing: 0)];
        long down = GoldenMarket.Start + (1_500 * 60_000L);
        long up = GoldenMarket.Start + (1_590 * 60_000L);
        long answered = up + 130_000;
        long compared = up + 300_000;
        List<FeatureRow> whole = Rows(live, GoldenMarket.Start, [], compared);
        List<MarketEvent> hole = [.. live.Where(e => e.ReceiveTime >= down && e.ReceiveTime < up).Select(
            e => Received(e, answered))];
        hole.Add(MarketEvent.ForGap(new Gap(Feed.Bars, 0, 0, down, up, Gap.Fetched), answered));
        List<FeatureRow> held = Rows(
            live.Where(e => e.ReceiveTime < down || e.ReceiveTime >= up), GoldenMarket.Start, hole, compared);
        GoldenVectorTests.AssertEqual(whole, held);
    }

    // The minutes of the window that a column such as cov_bars_8h is about.
    private static int WindowMinutes(string column)
    {
        string window = column[(column.LastIndexOf('_') + 1)..];
        return int.Parse(window[..^1], System.Globalization.CultureInfo.InvariantCulture)
            * (window[^1] switch { 'm' => 1, 'h' => 60, _ => 1440 });
    }

    private static MarketEvent Received(in MarketEvent e, long time) => e.Kind switch
    {
        EventKind.Bar => MarketEvent.ForBar(e.Bar, e.Bar.EndTime, time, isFromStream: false),
        EventKind.ContextBar => MarketEvent.ForContextBar(e.ContextBar, time),
        EventKind.Funding => MarketEvent.ForFunding(e.Funding, e.ReceiveTime),
        _ => MarketEvent.ForOpenInterest(e.OpenInterest, e.EventTime, e.ReceiveTime),
    };

    // Rows of ticks from a time on, of a node that awaits its history.
    private static List<FeatureRow> Rows(
        IEnumerable<MarketEvent> live, long begin, List<MarketEvent> fetched, long from)
    {
        SymbolState state = new(GoldenMarket.Own);
        List<MarketEvent> events = [.. live, .. fetched];
        for (long tick = begin; tick <= GoldenMarket.Start + (1_700 * 60_000L); tick += 30_000)
        {
            events.Add(MarketEvent.ForTick(tick, tick));
        }

        if (fetched.Count == 0)
        {
            events.Add(MarketEvent.ForGap(new Gap(Feed.Bars, 0, 0, begin, begin, Gap.Fetched), begin));
        }

        List<FeatureRow> rows = [];
        state.Apply(MarketEvent.ForSettings(GoldenMarket.Settings(30_000) with { AwaitsHistory = true }, begin));
        foreach (MarketEvent e in events.OrderBy(e => e.ReceiveTime).ThenBy(e => e.Kind))
        {
            if (state.Admit(e) == Admission.Accepted && state.Apply(e)?.Features is { } row && row.Time >= from)
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    private static List<Bar> Minutes()
    {
        Random random = new(42);
        List<Bar> bars = [];
        decimal price = 60_000;
        for (long open = GoldenMarket.Start; open < LastTick; open += 60_000)
        {
            decimal close = Math.Round(price * (decimal)(1 + ((random.NextDouble() - 0.5) / 300)), 2);
            decimal volume = random.Next(1, 1_000_000) / 1000m;
            bars.Add(new Bar(
                open, Bar.Minute, price, Math.Max(price, close) + 1.5m, Math.Min(price, close) - 1.50m, close, volume,
                volume * close * 1.00000001m,
                volume / 2, volume * close / 2, 5));
            price = close;
        }

        return bars;
    }

    private static IEnumerable<Bar> Longer(IEnumerable<Bar> minutes, int length) => minutes
        .GroupBy(b => b.OpenTime / (length * 60_000L))
        .Select(g => g.ToArray())
        .Where(g => g.Length == length)
        .Select(g => new Bar(
            g[0].OpenTime, length * 60_000, g[0].Open, g.Max(b => b.High), g.Min(b => b.Low), g[^1].Close,
            g.Sum(b => b.Volume) * 1.0m,
            g.Sum(b => b.QuoteVolume), g.Sum(b => b.TakerBuyVolume), g.Sum(b => b.TakerBuyQuoteVolume),
            g.Sum(b => b.TradeCount)));

    private static MarketEvent History(Bar bar) => MarketEvent.ForBar(bar, bar.EndTime, Now, isFromStream: false);

    private static FeatureRow LastRow(IEnumerable<MarketEvent> history, List<Bar> minutes)
    {
        SymbolState state = new(GoldenMarket.Own);
        FeatureRow? last = null;
        List<MarketEvent> events =
        [
            MarketEvent.ForSettings(
                new SymbolSettings(60_000, 3, SymbolSettings.AllFeeds) { Features = true }, GoldenMarket.Start),
            .. history,
        ];
        for (long tick = Now + 60_000; tick <= LastTick; tick += 60_000)
        {
            events.AddRange(minutes
                .Where(b => b.EndTime > Now && b.EndTime > tick - 60_000 && b.EndTime <= tick)
                .Select(b => MarketEvent.ForBar(b, b.EndTime, b.EndTime, isFromStream: true)));
            events.Add(MarketEvent.ForTick(tick, tick));
        }

        foreach (MarketEvent e in events)
        {
            Assert.Equal(Admission.Accepted, state.Admit(e));
            last = state.Apply(e)?.Features ?? last;
        }

        return last!;
    }
}
