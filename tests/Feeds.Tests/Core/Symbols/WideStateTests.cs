using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Core.Symbols;
using Xunit;

namespace Feeds.Tests.Core.Symbols;

public sealed class WideStateTests
{
    private static readonly ContextSymbols Context = GoldenMarket.Settings(60_000).Context;

    [Fact]
    public void A_saved_state_goes_on_to_the_bit()
    {
        List<MarketEvent> events = Events(1, missing: 0.005);
        List<FeatureRow> expected = Rows(events);
        Assert.InRange(expected.Count, 100, 140);
        foreach (int cut in (int[])[0, 300, events.Count / 2, events.Count - 5])
        {
            WideState state = new(GoldenMarket.Own, Context);
            List<FeatureRow> rows = [];
            for (int i = 0; i < events.Count; i++)
            {
                if (i == cut)
                {
                    StateWriter writer = new();
                    state.Save(writer);
                    state = new WideState(GoldenMarket.Own, Context);
                    StateReader reader = new(writer.Written);
                    state.Load(ref reader);
                }

                Take(state, events[i], rows);
            }

            AssertEqual(expected, rows);
        }
    }

    [Fact]
    public void Rows_do_not_depend_on_how_often_one_ticks()
    {
        List<MarketEvent> events = Events(2, missing: 0.005);
        List<MarketEvent> rarely = [.. events.Where((e, i) => e.Kind != EventKind.Tick || i % 7 == 0),
            MarketEvent.ForTick(End + 7_200_000, End + 7_200_000)];
        List<FeatureRow> often = Rows([.. events, MarketEvent.ForTick(End + 7_200_000, End + 7_200_000)]);
        AssertEqual(often, Rows(rarely));
    }

    [Fact]
    public void A_missing_minute_is_filled_once_a_later_one_proves_it_missing()
    {
        WideState state = new(GoldenMarket.Own, Context);
        List<FeatureRow> rows = [];
        for (int m = 0; m < 10; m++)
        {
            if (m != 4)
            {
                long open = GoldenMarket.Start + (m * 60_000L);
                Take(state,
                    MarketEvent.ForBar(
                        new Bar(open, 60_000, 1, 2, 1, 1 + (m / 10m), 10, 10, 5, 5, 1), open + 60_000, open + 60_000,
                        true), rows);
            }

            if (m == 4)
            {
                Take(state, MarketEvent.ForTick(GoldenMarket.Start + 302_000, GoldenMarket.Start + 302_000), rows);
                Assert.Empty(rows);
            }
        }

        Take(state, MarketEvent.ForTick(GoldenMarket.Start + 602_000, GoldenMarket.Start + 602_000), rows);
        Assert.Equal(2, rows.Count);
        Assert.Equal(GoldenMarket.Start + 300_000, rows[0].Time);
        Assert.Equal(40, rows[0].Values[FeatureCatalogue.Wide.IndexOf("dollar_volume")]);
        Assert.Equal((1.9 / 1.3) - 1, rows[1].Values[FeatureCatalogue.Wide.IndexOf("returns_1")], 12);
    }

    [Fact]
    public void Broken_records_are_refused()
    {
        WideState state = new(GoldenMarket.Own, Context);
        long open = GoldenMarket.Start;
        Bar good = new(open, 60_000, 1, 2, 1, 1, 10, 10, 5, 5, 1);
        Assert.Equal(Admission.InvalidPrice, Admit(good with { Low = 0 }));
        Assert.Equal(Admission.InvalidRecord, Admit(good with { High = 0.5m, Low = 0.4m }));
        Assert.Equal(Admission.InvalidQuantity, Admit(good with { Volume = -1 }));
        Assert.Equal(Admission.InvalidRecord, Admit(good with { OpenTime = open + 1 }));
        Assert.Equal(Admission.Accepted, Admit(good));
        state.Apply(MarketEvent.ForBar(good, open + 60_000, open + 60_000, true), []);
        Assert.Equal(Admission.Duplicate, Admit(good));
        Assert.Equal(Admission.InvalidTime, state.Admit(default));

        Admission Admit(Bar bar) => state.Admit(MarketEvent.ForBar(bar, open + 60_000, open + 60_000, true));
    }

    private const long End = GoldenMarket.Start + (640 * 60_000L);

    private static List<MarketEvent> Events(int seed, double missing) => [.. GoldenMarket.WithTicks(
        GoldenMarket.Slow(seed, 640, missing).Concat(
            GoldenMarket.Fast(seed, GoldenMarket.Start, 1_800).Where(e => e.Kind == EventKind.Liquidation)),
        GoldenMarket.Start + 302_000,
        End,
        300_000)];

    private static List<FeatureRow> Rows(List<MarketEvent> events)
    {
        WideState state = new(GoldenMarket.Own, Context);
        List<FeatureRow> rows = [];
        foreach (MarketEvent e in events)
        {
            Take(state, e, rows);
        }

        return rows;
    }

    private static void Take(WideState state, in MarketEvent e, List<FeatureRow> rows)
    {
        if (state.Admit(e) == Admission.Accepted)
        {
            state.Apply(e, rows);
        }
    }

    private static void AssertEqual(List<FeatureRow> expected, List<FeatureRow> actual)
    {
        Assert.Equal(expected.Select(r => r.Time), actual.Select(r => r.Time));
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal(
                expected[i].Values.ToArray().Select(BitConverter.DoubleToInt64Bits),
                actual[i].Values.ToArray().Select(BitConverter.DoubleToInt64Bits));
        }
    }
}
