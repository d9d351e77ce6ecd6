using Feeds.Core.Catalogue;
using Feeds.Core.Coverage;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Engine.WarmUp;
using Feeds.Storage.Journals;
using Feeds.Tests.Core.Symbols;
using Xunit;

namespace Feeds.Tests.Engine.WarmUp;

/// <summary>
/// A cold node on the venue twin has its features after a moment; one that comes back fetches the hole.
/// </summary>
public sealed class NodeWarmUpTests
{
    private static readonly Symbol Doge = Symbol.Parse("DOGEUSDT");

    [Fact]
    public async Task Nodes_that_start_cold_at_different_times_have_the_same_rows_to_the_bit()
    {
        List<FeatureRow> early = await RowsOfAsync(startsAfterMs: 0, seconds: 160);
        List<FeatureRow> late = await RowsOfAsync(startsAfterMs: 80_000, seconds: 80);
        long from = late.First(row => !double.IsNaN(GoldenVectorTests.Value(row, "rsi_14_4h"))).Time + 20_000;
        FeatureRow[] rows = [.. late.Where(row => row.Time >= from)];
        Assert.InRange(rows.Length, 20, 100);
        Assert.Contains(rows, row => row.Time % 60_000 == 3_000);
        string[] columns =
        [
            .. FeatureCatalogue.Golden.Features
                .Where(f => f.Source.Contains("bars", StringComparison.Ordinal)
                    || f.Source is "oi_hist" or "funding" or "clock" or "mark")
                .Select(f => f.Name),
            .. FeatureCatalogue.Golden.Coverage.Where(c => c.Feed == Feed.Bars).Select(c => c.Name),
        ];
        Assert.InRange(columns.Length, 45, 70);
        foreach (FeatureRow row in rows)
        {
            FeatureRow other = early.Single(each => each.Time == row.Time);
            foreach (string column in columns)
            {
                double a = GoldenVectorTests.Value(other, column);
                double b = GoldenVectorTests.Value(row, column);
                Assert.False(double.IsNaN(b) && column != "oi_price_state_1h", $"{column} is unknown");
                Assert.True(
                    BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b),
                    $"{column} at {row.Time}: {a:R}, {b:R}");
            }
        }
    }

    [Fact]
    public async Task A_node_that_comes_back_fetches_only_the_hole_and_no_minute_is_filled()
    {
        await using NodeFixture fixture = await StartAsync(0);
        await fixture.UntilAsync(() => IsWarm(fixture), 60, "warm");
        await fixture.RunAsync(3);
        WarmUpInspection cold = await InspectAsync(fixture);
        Assert.Equal(3, cold.Warm);

        // Three symbols, and the minutes of the four that some are compared with.
        Assert.InRange(cold.Requests, 24, (3 * 8) + (4 * 4));
        Assert.Equal(2 * cold.Requests, cold.Weight);
        long warmUpFrom = (await CoverageAsync(fixture)).WarmUpFrom;
        Assert.Equal(WarmUpPlan.Begin(HistoryNeeds.Bars[0], fixture.Now), warmUpFrom);

        await fixture.Node.DisposeAsync();
        fixture.Clock.Advance(TimeSpan.FromMinutes(7));
        await fixture.RestartAsync();
        await fixture.UntilAsync(() => IsWarm(fixture), 60, "warm again");
        await fixture.RunAsync(70);
        WarmUpInspection again = await InspectAsync(fixture);
        Assert.InRange(again.Requests, 3, 3 + 4);
        Assert.InRange(again.Bars, 3 * 7, (3 + 4) * 10);
        SymbolCoverage coverage = await CoverageAsync(fixture);
        Assert.Equal(warmUpFrom, coverage.WarmUpFrom);
        FeedCoverageReport bars = coverage.Feeds.Single(each => each.Feed == Feed.Bars);
        Assert.Empty(bars.Holes);
        Assert.All(bars.Windows, window => Assert.Equal(window.WindowMs, window.CoveredMs));
        Assert.Contains(
            coverage.Feeds.Single(each => each.Feed == Feed.Trades).Holes, hole => hole.Reason == "restarted");
        await fixture.Node.DisposeAsync();
        FeatureRow last = Fold(fixture)[^1];
        Assert.All(
            (string[])["rsi_14_1m", "rsi_14_4h", "corr_btc_24h", "rs_eth_24h", "sector_rel_24h", "oi_change_8h"],
            column => Assert.False(double.IsNaN(GoldenVectorTests.Value(last, column)), column));
    }

    private static async Task<List<FeatureRow>> RowsOfAsync(int startsAfterMs, double seconds)
    {
        await using NodeFixture fixture = await StartAsync(startsAfterMs);
        await fixture.RunAsync(seconds);
        await fixture.Node.DisposeAsync();
        return Fold(fixture);
    }

    private static Task<NodeFixture> StartAsync(int startsAfterMs) => NodeFixture.StartAsync(
        ["BTCUSDT", "ETHUSDT", "DOGEUSDT"],
        venue: options => options with { Symbols = ["BTCUSDT", "ETHUSDT", "DOGEUSDT", "1000PEPEUSDT"] },
        node: options => options with
        {
            Features = true,
            ReferenceSymbols = [Symbol.Parse("BTCUSDT"), Symbol.Parse("ETHUSDT")],
            Sectors = [[Doge, Symbol.Parse("1000PEPEUSDT")]],
        },
        phaseMs: startsAfterMs);

    private static List<FeatureRow> Fold(NodeFixture fixture)
    {
        List<FeatureRow> rows = [];
        new JournalFold(Path.Combine(fixture.Folder, "journal")).Run(
            new FoldOptions { Symbols = [Doge], UseSnapshots = false }, tick => rows.Add(tick.Rows.Features!));
        return rows;
    }

    // Every symbol's minutes reach up to now.
    private static bool IsWarm(NodeFixture fixture) => fixture.Node.Parts.Symbols.Entries.All(
        entry => entry.Gauges.BarEnd(0) == fixture.Now / 60_000 * 60_000);

    private static async Task<WarmUpInspection> InspectAsync(NodeFixture fixture) =>
        (WarmUpInspection)(await fixture.Node.Actors.InspectAsync(
            "polling/warm-up", TimeSpan.FromHours(1), CancellationToken.None))!;

    private static async Task<SymbolCoverage> CoverageAsync(NodeFixture fixture)
    {
        object? inspection = await fixture.Node.Actors.InspectAsync(
            "symbols/DOGEUSDT", TimeSpan.FromHours(1), CancellationToken.None);
        return ((Feeds.Engine.Symbols.SymbolInspection)inspection!).Coverage!;
    }
}
