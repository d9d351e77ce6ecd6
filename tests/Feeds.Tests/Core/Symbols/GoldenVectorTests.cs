using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Core.Symbols;
using Xunit;

namespace Feeds.Tests.Core.Symbols;

public sealed class GoldenVectorTests
{
    private const int Minutes = 1_700;
    private const long LastHour = GoldenMarket.Start + ((Minutes - 60) * 60_000L);

    private static List<MarketEvent> Events(int seed, double missing = 0.002) => GoldenMarket.WithTicks(
        GoldenMarket.Slow(seed, Minutes, missing).Concat(GoldenMarket.Fast(seed, LastHour - 5_400_000, 7_800)),
        GoldenMarket.Start + 600_000,
        LastHour + 2_400_000,
        60_000);

    [Fact]
    public void After_warm_up_nearly_everything_is_known()
    {
        FeatureRow row = Rows(Events(1, missing: 0))[^1];
        List<string> unknown = [.. FeatureCatalogue.Golden.Columns.Where((_, i) => double.IsNaN(row.Values[i]))];

        // 1 700 minutes hold 28 hours: the recursions on longer bars are still warming up, and the liquidations were
        // seen from the start.
        Assert.All(unknown, c => Assert.True(
            c.EndsWith("_1h", StringComparison.Ordinal) || c.EndsWith("_4h", StringComparison.Ordinal)
                || c.EndsWith("_15m", StringComparison.Ordinal),
            c));
        Assert.DoesNotContain("corr_btc_1h", unknown);
        Assert.InRange(unknown.Count, 1, 16);
    }

    [Theory]
    [InlineData(11, 0)]
    [InlineData(12, 0.002)]
    [InlineData(13, 0.03)]
    public void Rows_agree_with_a_slow_recomputation_from_all_events(int seed, double missing)
    {
        SymbolState state = new(GoldenMarket.Own);
        ReferenceVector reference = new(GoldenMarket.Own);
        int checkedRows = 0;
        foreach (MarketEvent e in Events(seed, missing))
        {
            if (state.Admit(e) != Admission.Accepted)
            {
                continue;
            }

            reference.Add(e);
            FeatureRow? row = state.Apply(e)?.Features;
            if (row is not null && (row.Time % 7_200_000 == 0 || (row.Time >= LastHour && row.Time % 600_000 == 0)))
            {
                reference.AssertEqual(row);
                checkedRows++;
            }
        }

        Assert.InRange(checkedRows, 15, 40);
    }

    // The bits themselves, whatever the machine, its vector units and the compiler's tiers: a change of one changes
    // rows that were written.
    [Fact]
    public void The_bits_are_these()
    {
        ulong hash = 14695981039346656037;
        foreach (FeatureRow row in Rows(Events(21)))
        {
            foreach (double value in row.Values)
            {
                hash = (hash ^ (ulong)BitConverter.DoubleToInt64Bits(value)) * 1099511628211;
            }
        }

        Assert.Equal(13102927750552487637UL, hash);
    }

    [Fact]
    public void Trades_that_REST_filled_in_time_cover_the_hole_they_left()
    {
        SymbolState state = new(GoldenMarket.Own);
        Feed(state, MarketEvent.ForSettings(GoldenMarket.Settings(60_000), GoldenMarket.Start));
        long start = GoldenMarket.Start;
        for (long id = 0; id < 120; id++)
        {
            if (id is < 40 or > 49)
            {
                Feed(state, MarketEvent.ForTrade(start + (id * 1000), start + (id * 1000), id, 1, 1, 1, Side.Buy));
            }
        }

        double CoverageAt(long time) => Value(Feed(state, MarketEvent.ForTick(time, time))!.Features!, "cov_trades_1m");
        Assert.Equal(49.0 / 60, CoverageAt(start + 90_000), 1e-12);
        for (long id = 40; id < 50; id++)
        {
            Feed(state,
                MarketEvent.ForTrade(start + (id * 1000), start + 99_000, id, 1, 1, 1, Side.Buy, isFromStream: false));
        }

        Assert.Equal(1, CoverageAt(start + 100_000));
    }

    [Fact]
    public void Trades_that_REST_filled_too_late_to_count_cover_nothing_also_when_more_come()
    {
        SymbolState state = new(GoldenMarket.Own);
        Feed(state, MarketEvent.ForSettings(GoldenMarket.Settings(60_000), GoldenMarket.Start));
        long start = GoldenMarket.Start;
        void Trade(long id, long received) => Feed(
            state, MarketEvent.ForTrade(start + (id * 1000), start + received, id, 1, 1, 1, Side.Buy));
        for (long id = 0; id < 300; id++)
        {
            if (id is < 40 or > 239)
            {
                Trade(id, id * 1000);
            }
        }

        for (long id = 40; id < 240; id++)
        {
            Trade(id, 299_000);
        }

        Trade(300, 300_000);
        FeatureRow row = Feed(state, MarketEvent.ForTick(start + 300_000, start + 300_000))!.Features!;

        // Of the 201 s that were missed, those that were at most 60 s old when they came.
        Assert.Equal((300 - 201 + 2) / 300.0, Value(row, "cov_trades_5m"), 0.005);
        Assert.Equal(1, Value(row, "cov_trades_1m"));
        Assert.Equal(double.NaN, Value(row, "tfi_5m"));
        Assert.Equal(1, Value(row, "tfi_1m"));
    }

    [Fact]
    public void Features_do_not_touch_the_12_columns()
    {
        List<MarketEvent> events = Events(2);
        SymbolState with = new(GoldenMarket.Own);
        SymbolState without = new(GoldenMarket.Own);
        foreach (MarketEvent e in events)
        {
            TickRows? a = Feed(with, e);
            TickRows? b = Feed(
                without, e.Kind == EventKind.Settings
                    ? MarketEvent.ForSettings(e.Settings with { Features = false }, e.EventTime) : e);
            Assert.Equal(b?.Feed, a?.Feed);
            Assert.Null(b?.Features);
            Assert.Equal(a is null, a?.Features is null);
        }
    }

    [Fact]
    public void The_order_in_which_slow_records_arrive_leaves_no_trace()
    {
        List<MarketEvent> events = Events(3);
        Random random = new(4);

        // Between two ticks slow records may come in any order.
        List<MarketEvent> shuffled = [];
        List<MarketEvent> between = [];
        shuffled.Add(events[0]);
        foreach (MarketEvent e in events.Skip(1))
        {
            between.Add(e);
            if (e.Kind == EventKind.Tick)
            {
                MarketEvent[] slow = [.. between.Where(
                    x => AvailableTime.Waits(x.Kind) && x.Kind != EventKind.Funding && !IsHistory(x))];
                random.Shuffle(slow);
                shuffled.AddRange(slow);
                shuffled.AddRange(between.Where(x => !slow.Contains(x)));
                between.Clear();
            }
        }

        AssertEqual(Rows(events), Rows(shuffled));

        static bool IsHistory(MarketEvent e) => e.Kind == EventKind.OpenInterest;
    }

    [Fact]
    public void A_saved_state_goes_on_to_the_bit()
    {
        List<MarketEvent> events = Events(5);
        List<FeatureRow> expected = Rows(events);
        foreach (double share in (double[])[0.0, 0.3, 0.97, 0.985])
        {
            int cut = (int)(events.Count * share);
            SymbolState state = new(GoldenMarket.Own);
            List<FeatureRow> rows = [];
            for (int i = 0; i < events.Count; i++)
            {
                if (i == cut)
                {
                    byte[] saved = Saved(state);
                    state = new SymbolState(GoldenMarket.Own);
                    Assert.True(state.TryLoad(new StateReader(saved)));
                    Assert.Equal(saved, Saved(state));
                }

                if (Feed(state, events[i])?.Features is { } row)
                {
                    rows.Add(row);
                }
            }

            AssertEqual(expected, rows);
        }
    }

    [Fact]
    public void A_record_is_not_known_before_its_time()
    {
        long open = GoldenMarket.Start;
        List<MarketEvent> events =
        [
            MarketEvent.ForSettings(GoldenMarket.Settings(1_000), open),
            MarketEvent.ForFunding(new FundingSettlement(open + 3, 0.0001m, null), open + 10),
            MarketEvent.ForFunding(new FundingSettlement(open + 14_400_003, 0.0002m, null), open + 14_400_500),
        ];
        SymbolState state = new(GoldenMarket.Own);
        foreach (MarketEvent e in events)
        {
            Feed(state, e);
        }

        double FundingAt(long time) => Value(Feed(state, MarketEvent.ForTick(time, time))!.Features!, "funding_rate");
        Assert.Equal(double.NaN, FundingAt(open + 59_000));
        Assert.Equal(0.0001, FundingAt(open + 60_000));
        Assert.Equal(0.0001, FundingAt(open + 14_459_000));
        Assert.Equal(0.0002, FundingAt(open + 14_460_000));
    }

    [Fact]
    public void A_hole_of_an_hour_shows_in_the_coverage_and_makes_windows_NaN_below_their_minimum()
    {
        SymbolState state = new(GoldenMarket.Own);
        Feed(state, MarketEvent.ForSettings(GoldenMarket.Settings(60_000), GoldenMarket.Start));
        Feed(state, MarketEvent.ForFeedConnected(Feed_Liquidations, GoldenMarket.Start));
        long down = GoldenMarket.Start + (6 * 3_600_000);
        Feed(state, MarketEvent.ForFeedDisconnected(Feed_Liquidations, "closed", down));
        Feed(state, MarketEvent.ForFeedConnected(Feed_Liquidations, down + 3_600_000));
        long tick = GoldenMarket.Start + (8 * 3_600_000);
        FeatureRow row = Feed(state, MarketEvent.ForTick(tick, tick))!.Features!;
        Assert.Equal(7.0 / 8, Value(row, "cov_liq_8h"));
        Assert.Equal(0, Value(row, "net_liq_usd_8h"));
        tick = down + 3_600_000;
        SymbolState other = new(GoldenMarket.Own);
        Feed(other, MarketEvent.ForSettings(GoldenMarket.Settings(60_000), GoldenMarket.Start));
        Feed(other, MarketEvent.ForFeedConnected(Feed_Liquidations, GoldenMarket.Start));
        Feed(other, MarketEvent.ForFeedDisconnected(Feed_Liquidations, "closed", tick - 1_800_000));
        row = Feed(other, MarketEvent.ForTick(tick, tick))!.Features!;
        Assert.Equal(0.5, Value(row, "cov_liq_1h"));
        Assert.Equal(double.NaN, Value(row, "net_liq_usd_1h"));
    }

    [Fact]
    public void A_day_of_bars_with_an_hour_missing_says_23_of_24()
    {
        List<MarketEvent> events = [.. GoldenMarket.WithTicks(
            GoldenMarket.Slow(6, 1_560, missing: 0).Where(e => e.Kind != EventKind.Bar
                || e.Bar.OpenTime < GoldenMarket.Start + 36_000_000
                || e.Bar.OpenTime >= GoldenMarket.Start + 39_600_000),
            GoldenMarket.Start + 600_000,
            GoldenMarket.Start + (1_559 * 60_000L),
            60_000)];
        FeatureRow row = Rows(events)[^1];
        Assert.Equal(23.0 / 24, Value(row, "cov_bars_24h"), 1e-12);
        Assert.False(double.IsNaN(Value(row, "beta_btc_24h")));
        Assert.Equal(1, Value(row, "cov_bars_1h"));
    }

    [Fact]
    public void Basis_comes_from_bars_where_there_is_no_stream()
    {
        long start = GoldenMarket.Start;
        Bar Close(decimal close) => new(start, 300_000, close, close, close, close, 0, 0, 0, 0, 0);
        SymbolState state = new(GoldenMarket.Own);
        Feed(state, MarketEvent.ForSettings(GoldenMarket.Settings(60_000), start));
        Feed(state, MarketEvent.ForMarkBar(Close(101), start + 300_000));
        Feed(state, MarketEvent.ForIndexBar(Close(100), start + 300_000));
        double BasisAt(long time) => Value(Feed(state, MarketEvent.ForTick(time, time))!.Features!, "basis");
        Assert.Equal(double.NaN, BasisAt(start + 299_000));
        Assert.Equal(0.01, BasisAt(start + 300_000), 15);
        Feed(state, MarketEvent.ForMark(start + 310_000, start + 310_000, 102, 100, 0, 0));
        Assert.Equal(0.02, BasisAt(start + 311_000), 15);
        Assert.Equal(0.01, BasisAt(start + 360_000), 15);
        Assert.Equal(double.NaN, BasisAt(start + 1_260_000));
    }

    [Fact]
    public void Bars_that_stopped_count_as_missing()
    {
        List<MarketEvent> events = GoldenMarket.WithTicks(
            GoldenMarket.Slow(8, 90, missing: 0), GoldenMarket.Start + 5_400_000, GoldenMarket.Start + 7_200_000,
            600_000);
        List<double> coverage = [.. Rows(events).Select(r => Value(r, "cov_bars_1h"))];
        Assert.Equal([1, 51 / 60.0, 41 / 60.0, 31 / 60.0], coverage);
    }

    private const Feed Feed_Liquidations = Feeds.Core.Market.Feed.Liquidations;

    internal static double Value(FeatureRow row, string column) => row.Values[FeatureCatalogue.Golden.IndexOf(column)];

    internal static List<FeatureRow> Rows(IEnumerable<MarketEvent> events)
    {
        SymbolState state = new(GoldenMarket.Own);
        List<FeatureRow> rows = [];
        foreach (MarketEvent e in events)
        {
            if (Feed(state, e)?.Features is { } row)
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    internal static void AssertEqual(List<FeatureRow> expected, List<FeatureRow> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            for (int c = 0; c < FeatureCatalogue.Golden.Columns.Count; c++)
            {
                Assert.True(
                    BitConverter.DoubleToInt64Bits(expected[i].Values[c]) == BitConverter.DoubleToInt64Bits(
                        actual[i].Values[c]),
                    $"{FeatureCatalogue.Golden.Columns[c]} at {expected[i].Time}: {expected[i].Values[c]:R}, "
                    + $"{actual[i].Values[c]:R}");
            }
        }
    }

    private static byte[] Saved(SymbolState state)
    {
        StateWriter writer = new();
        state.Save(writer);
        return writer.Written.ToArray();
    }

    private static TickRows? Feed(SymbolState state, in MarketEvent e) =>
        state.Admit(e) == Admission.Accepted ? state.Apply(e) : null;
}
