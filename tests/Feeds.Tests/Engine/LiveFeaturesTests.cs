using Feeds.Core.Catalogue;
using Feeds.Core.Coverage;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Engine.Symbols;
using Feeds.Simulator.Faults;
using Feeds.Storage.Replay;
using Feeds.Tests.Core.Symbols;
using Feeds.Tests.Simulator;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>
/// The golden vector of a whole node: what its sinks got, what the journal gives again, and what a batch makes of the
/// same events.
/// </summary>
public sealed class LiveFeaturesTests
{
    private static readonly string[] Names = ["BTCUSDT", "ETHUSDT", "DOGEUSDT"];
    private static readonly Symbol Doge = Symbol.Parse("DOGEUSDT");

    [Fact]
    public async Task Live_replayed_and_batch_rows_are_the_same_to_the_bit_on_a_generated_market()
    {
        EngineFixture.MemorySink sink = new();
        await using NodeFixture fixture = await StartAsync(sink, venue: null);
        await fixture.RunAsync(100);
        fixture.Venue.Inject(new Fault { Kind = FaultKind.Close, Duration = TimeSpan.FromSeconds(4) });
        await fixture.RunAsync(130);
        await fixture.Node.DisposeAsync();
        AssertSame(fixture, sink, minRows: 3 * 200);
        FeatureRow last = sink.Features.Last(row => row.Symbol == Doge);
        string[] unknown = [.. FeatureCatalogue.Golden.Columns.Where(
            column => double.IsNaN(GoldenVectorTests.Value(last, column)))];

        // What needs an hour of what cannot be fetched, and the short windows over what was cut away.
        Assert.All(unknown, column => Assert.True(
            column.StartsWith("tfi_1h", StringComparison.Ordinal) || column is "tfi_decay" or "oi_price_state_1h"
                || column.Contains("_5m", StringComparison.Ordinal)
            || column.Contains("liq", StringComparison.Ordinal) || column == "tfi_accel", column));
        Assert.True(FeatureCatalogue.Golden.Columns.Count - unknown.Length >= 50, string.Join(' ', unknown));
    }

    [Fact]
    public async Task Live_replayed_and_batch_rows_are_the_same_to_the_bit_on_a_recorded_market()
    {
        string[] files = [RecordedFiles.Find("ws/usdm_btcusdt_20240808.gz"),
            RecordedFiles.Find("ws/usdm_ethusdt_20240808.gz")];
        EngineFixture.MemorySink sink = new();
        await using NodeFixture fixture = await StartAsync(
            sink, options => options with { Symbols = null, Replay = files }, "BTCUSDT", "ETHUSDT");
        await fixture.RunAsync(75);
        await fixture.Node.DisposeAsync();
        AssertSame(fixture, sink, minRows: 2 * 60);
    }

    [Fact]
    public async Task The_coverage_of_a_fault_script_is_what_the_venue_really_sent()
    {
        EngineFixture.MemorySink sink = new();
        await using NodeFixture fixture = await StartAsync(sink, venue: null);
        await fixture.UntilHealthyAsync();
        await fixture.RunAsync(10);
        foreach (double seconds in (double[])[3, 7])
        {
            fixture.Venue.Inject(new Fault { Kind = FaultKind.Close, Duration = TimeSpan.FromSeconds(seconds) });
            await fixture.RunAsync(25);
        }

        await fixture.RunAsync(30);
        foreach (string name in Names)
        {
            SymbolCoverage seen = await CoverageAsync(fixture, name);
            FeedCoverageReport depth = seen.Feeds.Single(each => each.Feed == Feed.Depth);
            FeedCoverageReport trades = seen.Feeds.Single(each => each.Feed == Feed.Trades);

            // Each cut of the connections is a hole of both (one more for each try that was cut at once); that of the
            // trades was filled by their numbers over REST.
            CoverageHole[] cuts = [.. depth.Holes.Where(
                hole => hole.Reason != "stale" && hole.Reason != "not_observed")];
            Assert.InRange(cuts.Length, 2, 20);
            Assert.All(trades.Holes, hole => Assert.True(hole.IsFilled, $"{name}: {hole}"));
            AssertIsWhatWasSent(fixture, name, depth, slackMs: 1_500);
        }
    }

    [Fact]
    public async Task The_coverage_of_a_restart_is_what_the_venue_really_sent()
    {
        EngineFixture.MemorySink sink = new();
        await using NodeFixture fixture = await StartAsync(sink, venue: null);
        await fixture.UntilHealthyAsync();
        await fixture.RunAsync(10);

        // The venue lets nobody in for a while: between the start of the node and its streams lie seconds that nobody
        // saw.
        fixture.Venue.Inject(new Fault { Kind = FaultKind.RefuseConnections, Duration = TimeSpan.FromSeconds(9) });
        await fixture.RestartAsync(away: TimeSpan.FromSeconds(3));
        await fixture.RunAsync(40);
        foreach (string name in Names)
        {
            SymbolCoverage seen = await CoverageAsync(fixture, name);
            FeedCoverageReport depth = seen.Feeds.Single(each => each.Feed == Feed.Depth);
            CoverageHole hole = depth.Holes.First(static each => each.Reason == "restarted");
            Assert.InRange(hole.ToTime - hole.FromTime, 8_000, 15_000);
            AssertIsWhatWasSent(fixture, name, depth, slackMs: 400);
            FeedCoverageReport liquidations = seen.Feeds.Single(each => each.Feed == Feed.Liquidations);
            hole = Assert.Single(liquidations.Holes, static each => each.Reason == "restarted");
            Assert.InRange(hole.ToTime - hole.FromTime, 8_000, 15_000);
        }
    }

    private static async Task<SymbolCoverage> CoverageAsync(NodeFixture fixture, string name) =>
        ((SymbolInspection)(await fixture.Node.Actors.InspectAsync(
            $"symbols/{name}", TimeSpan.FromHours(1), CancellationToken.None))!).Coverage!;

    // Ground truth: the books that the venue put on the wire; a second without any was not observed.
    private static void AssertIsWhatWasSent(NodeFixture fixture, string name, FeedCoverageReport depth, long slackMs)
    {
        long[] sent = [.. fixture.Venue.Ledger.Sent($"{name.ToLowerInvariant()}@depth20@100ms").Select(
            message => message.EventTime).Order()];
        long from = depth.BeginTime;
        long covered = sent.Zip(sent.Skip(1), (a, b) => b - a <= 1_000 ? b - a : 0).Sum();
        FeedCoverage ledger = new(Feed.Depth);
        ledger.Begin(from);
        foreach (CoverageHole hole in depth.Holes)
        {
            ledger.AddHole(hole);
        }

        long told = ledger.CoveredMs(from, sent[^1]);
        Assert.InRange(told, covered - slackMs, covered + slackMs);
        Assert.Equal(ledger.Minutes(from, sent[^1]).Sum(minute => (long)minute.CoveredMs), ledger.CoveredMs(
            (from + 59_999) / 60_000 * 60_000, sent[^1] / 60_000 * 60_000));
    }

    private static Task<NodeFixture> StartAsync(
        EngineFixture.MemorySink sink, Func<Feeds.Simulator.VenueTwinOptions, Feeds.Simulator.VenueTwinOptions>? venue,
        params string[] names) =>
        NodeFixture.StartAsync(
            names.Length == 0 ? Names : names,
            venue,
            options => options with
            {
                Features = true,
                OwnSinks = [sink],
                ReferenceSymbols = [Symbol.Parse("BTCUSDT"), Symbol.Parse("ETHUSDT")],
                Sectors = [[Doge, Symbol.Parse("BTCUSDT")]],
            });

    private static void AssertSame(NodeFixture fixture, EngineFixture.MemorySink sink, int minRows)
    {
        string journal = Path.Combine(fixture.Folder, "journal");
        IReadOnlyDictionary<Symbol, List<FeatureRow>> replayed = FeatureRowSource.OfJournal(journal, null);
        IReadOnlyDictionary<Symbol, List<FeatureRow>> batch = new BatchFold(journal).Run(null);
        ILookup<Symbol, FeatureRow> live = sink.Features.ToLookup(row => row.Symbol);
        foreach ((
            string what, IReadOnlyDictionary<Symbol, List<FeatureRow>> rows) in new[] { ("replayed", replayed),
            ("batch", batch) })
        {
            FeatureComparison comparison = new();
            foreach (Symbol symbol in rows.Keys)
            {
                comparison.Compare([.. live[symbol].OrderBy(row => row.Time)], rows[symbol]);
            }

            Assert.True(comparison.First is null, $"{what}: {comparison.First}");
            Assert.Equal((0, 0), (comparison.OnlyFirst, comparison.OnlySecond));
            Assert.InRange(comparison.Identical, minRows, int.MaxValue);
        }
    }
}
