using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Xunit;

namespace Feeds.Tests.Core.Symbols;

/// <summary>What begins elsewhere agrees after the stated warm-up; what begins at the same place is the same to the bit.</summary>
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
            fetched.AddRange(Longer(minutes.Where(b => b.EndTime <= Now), length).TakeLast(length == 1 ? 1_500 : 450).Select(History));
        }

        new Random(1).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(fetched));
        FeatureRow warm = LastRow(fetched, minutes);
        for (int i = 0; i < FeatureCatalogue.Golden.Columns.Count; i++)
        {
            string column = FeatureCatalogue.Golden.Columns[i];
            double scale = column.StartsWith("macd_hist", StringComparison.Ordinal) ? 1e-3 * Math.Abs(whole.Values[0]) : 0;
            Assert.Equal(double.IsNaN(whole.Values[i]), double.IsNaN(warm.Values[i]));
            Assert.True(
                double.IsNaN(whole.Values[i])
                || Math.Abs(whole.Values[i] - warm.Values[i]) <= 1e-6 * Math.Max(Math.Abs(whole.Values[i]), scale),
                $"{column}: {whole.Values[i]:R}, {warm.Values[i]:R}");
        }

        Assert.All(
            (string[])["rsi_14_4h", "macd_hist_4h", "rsi_14_1h", "atr_14_1h", "roc_10_4h", "bb_width_20_15m", "realized_vol_60_1m"],
            c => Assert.False(double.IsNaN(GoldenVectorTests.Value(warm, c)), c));
    }

    [Fact]
    public void Built_bars_and_the_exchanges_own_give_the_same_bits()
    {
        // Both begin at the same bar of four hours: one has its minutes, the other bars of each length and then minutes.
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
        foreach (FeatureDefinition feature in FeatureCatalogue.Golden.Features.Where(f => f.Inputs.EndsWith("m bars", StringComparison.Ordinal)
            || f.Inputs.EndsWith("h bars", StringComparison.Ordinal)))
        {
            // One-minute recursions began a day ago in one of them.
            if (feature.Inputs.Contains(" 1m bars", StringComparison.Ordinal))
            {
                continue;
            }

            int i = FeatureCatalogue.Golden.IndexOf(feature.Name);
            Assert.Equal(BitConverter.DoubleToInt64Bits(built.Values[i]), BitConverter.DoubleToInt64Bits(given.Values[i]));
            known += double.IsNaN(built.Values[i]) ? 0 : 1;
        }

        Assert.InRange(known, 10, 40);
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
                open, Bar.Minute, price, Math.Max(price, close) + 1.5m, Math.Min(price, close) - 1.50m, close, volume, volume * close * 1.00000001m,
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
            g[0].OpenTime, length * 60_000, g[0].Open, g.Max(b => b.High), g.Min(b => b.Low), g[^1].Close, g.Sum(b => b.Volume) * 1.0m,
            g.Sum(b => b.QuoteVolume), g.Sum(b => b.TakerBuyVolume), g.Sum(b => b.TakerBuyQuoteVolume), g.Sum(b => b.TradeCount)));

    private static MarketEvent History(Bar bar) => MarketEvent.ForBar(bar, bar.EndTime, Now, isFromStream: false);

    private static FeatureRow LastRow(IEnumerable<MarketEvent> history, List<Bar> minutes)
    {
        SymbolState state = new(GoldenMarket.Own);
        FeatureRow? last = null;
        List<MarketEvent> events =
        [
            MarketEvent.ForSettings(new SymbolSettings(60_000, 3, SymbolSettings.AllFeeds) { Features = true }, GoldenMarket.Start),
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
