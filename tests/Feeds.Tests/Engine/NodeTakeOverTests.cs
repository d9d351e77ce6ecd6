using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Engine;
using Feeds.Tests.Storage;
using Feeds.Tests.Storage.Postgres;
using Npgsql;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>
/// Rows after a take-over against those of a node to which nothing happened, on the same market: a venue of the same
/// seed from the same moment on, both on clocks moved by hand, so that both see the same messages between two ticks.
/// </summary>
[Collection("postgres")]
public sealed class NodeTakeOverTests
{
    // The clocks begin two seconds after a minute: the gap, some tens of seconds long, begins and ends within the
    // second one.
    private const int WarmSeconds = 63;

    // For the streams to be back and the trades of the gap to be filled over REST.
    private const int SettleMs = 20_000;

    private static readonly string[] Names = ["BTCUSDT", "ETHUSDT"];

    // What each node measures by itself, or says of its own hole: when it asked for the open interest, how long
    // messages took.
    private static readonly string[] OfTheNode = ["oi", "latency_ms"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static bool IsLong => Environment.GetEnvironmentVariable("FEEDS_LONG") == "1";

    [Fact]
    public async Task Rows_after_a_take_over_are_those_of_an_undisturbed_run_as_soon_as_what_was_lost_is_past()
    {
        PostgresFixture.Require();
        (Dictionary<(string, long), TickRows> rows, Gap gap, long end) = await TakenOverAsync(IsLong ? 330 : 35);
        Dictionary<(string, long), TickRows> undisturbed = await UndisturbedAsync(end);
        long back = gap.Back;
        long first = rows.Keys.Where(key => key.Item2 > back).Min(static key => key.Item2);
        Assert.InRange(first, back, back + 3_000);
        Dictionary<string, int> compared = [];
        for (long tick = first; tick < end; tick += 1_000)
        {
            foreach (string name in Names)
            {
                Assert.True(
                    rows.TryGetValue((name, tick), out TickRows? row),
                    $"{name} has no row {tick - back} ms after the take-over");
                TickRows other = undisturbed[(name, tick)];
                foreach ((string column, double value, double expected) in Columns(row, other))
                {
                    if (tick < DueTime(column, gap))
                    {
                        continue;
                    }

                    bool isSame = BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(expected)
                        || (double.IsNaN(value) && double.IsNaN(expected))
                        || (IsOfTrades(column) && Math.Abs(value - expected) < 1e-12);
                    Assert.True(
                        isSame, $"{name} {column} is {value} and not {expected}, {tick - back} ms after the take-over");
                    compared[column] = compared.GetValueOrDefault(column) + (double.IsNaN(value) ? 0 : 1);
                }
            }
        }

        // The windows are warm in the very first row, or when a bar of the gap was filled; and in the end nearly all
        // that there is was known and compared.
        long warm = Math.Max(first, gap.Bars / 1_000 * 1_000);
        int known = Columns(rows[("ETHUSDT", warm)], undisturbed[("ETHUSDT", warm)])
            .Count(each => DueTime(each.Column, gap) == gap.Bars && !double.IsNaN(each.Value));
        Assert.True(known >= 30, $"{known} columns are known in the first row");
        int all = compared.Count(static each => each.Value > 0);
        TestContext.Current.TestOutputHelper?.WriteLine($"{known} columns from the first row on, {all} in the end");
        Assert.True(
            all >= (IsLong ? 55 : 40),
            $"{all} columns were compared: "
            + $"{string.Join(' ', compared.Where(static each => each.Value > 0).Select(static each => each.Key))}");
    }

    // From when on a column shows nothing any more of what was lost in the gap, nor of the runs' beginnings, which
    // differ by how long the cluster took to start, epoch ms; never for what is only of the node.
    private static long DueTime(string column, Gap gap)
    {
        (long start, long back) = (gap.Start, gap.Back);
        long windowMs = column.EndsWith("_1m", StringComparison.Ordinal) ? 60_000
            : column.EndsWith("_5m", StringComparison.Ordinal) ? 300_000
            : 8 * 3_600_000;
        return column switch
        {
            _ when OfTheNode.Contains(column) || column.StartsWith("cov_", StringComparison.Ordinal) => long.MaxValue,

            // Liquidations of the gap cannot be had again: the sums lack them for as long as the window reaches back.
            "liq_long_usd" or "liq_short_usd" or "liq_ratio" => back + SettleMs + 300_000,
            _ when column.Contains("liq", StringComparison.Ordinal) => back + SettleMs + windowMs,
            "obi_top" or "micro_price_dev_bps" or "book_slope_l20" or "basis" or "predicted_funding" => back + SettleMs,
            _ when IsOfTheBook(column) => back + SettleMs + windowMs,

            // Trades are filled over REST.
            _ when IsOfTrades(column) => Math.Max(back, start + windowMs) + SettleMs,
            _ => gap.Bars,
        };
    }

    // Trades are added up in the order in which they came, and those that were filled came after later ones.
    private static bool IsOfTrades(string column) => column.StartsWith("tfi_", StringComparison.Ordinal);

    private static bool IsOfTheBook(string column) => column.StartsWith("obi_", StringComparison.Ordinal)
        || column.StartsWith("depth_", StringComparison.Ordinal)
        || column.StartsWith("spread_", StringComparison.Ordinal);

    private static IEnumerable<(string Column, double Value, double Expected)> Columns(TickRows row, TickRows other)
    {
        for (int i = 0; i < FeatureCatalogue.Golden.Columns.Count; i++)
        {
            yield return (FeatureCatalogue.Golden.Columns[i], row.Features!.Values[i], other.Features!.Values[i]);
        }

        (FeedRow a, FeedRow b) = (row.Feed, other.Feed);
        yield return ("oi", a.OpenInterest, b.OpenInterest);
        yield return ("oi_pct", a.OpenInterestPct, b.OpenInterestPct);
        yield return ("funding", a.FundingRate, b.FundingRate);
        yield return ("liq_long_usd", a.LiqLongUsd, b.LiqLongUsd);
        yield return ("liq_short_usd", a.LiqShortUsd, b.LiqShortUsd);
        yield return ("liq_ratio", a.LiqRatio, b.LiqRatio);
        yield return ("obi_top", a.ObiTop, b.ObiTop);
        yield return ("latency_ms", a.LatencyMs, b.LatencyMs);
    }

    private static async Task<Dictionary<(string, long), TickRows>> UndisturbedAsync(long end)
    {
        EngineFixture.MemorySink sink = new();
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            Names, node: options => Options(options) with { OwnSinks = [sink] }, phaseMs: 3);
        await RunAsync(fixture, end);
        await fixture.StopNodeAsync();
        Dictionary<(string, long), FeatureRow> features = sink.Features.ToDictionary(
            static row => (row.Symbol.Text, row.Time));
        return sink.Rows.ToDictionary(
            static row => (row.Symbol.Text, row.TickTime),
            row => new TickRows(row, features[(row.Symbol.Text, row.TickTime)]));
    }

    // A member is cut off in the middle of a commit and never comes back; another one takes its symbols when its lease
    // is over.
    private static async Task<(Dictionary<(string, long), TickRows> Rows, Gap Gap, long End)> TakenOverAsync(
        int secondsAfter)
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        using TemporaryFolder folder = new();
        await using CuttingProxy line = new(server.ConnectionString);
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            Names, node: options => Options(options) with { Postgres = line.ConnectionString, Cluster = Member("a") },
            phaseMs: 3);
        long start = fixture.Now;
        await UntilOwnerAsync(fixture);
        await RunAsync(fixture, start + (WarmSeconds * 1_000));
        line.Arm(CuttingProxy.Cut.BeforeCommit, staysDown: true);
        long lost = fixture.Now;
        await fixture.UntilAsync(() => line.Cuts > 0, 30, "it is cut off");
        await fixture.ReplaceAsync(
            options => options with
            {
                DataDirectory = folder.At("b"),
                CsvPath = folder.At("b.csv"),
                Postgres = server.ConnectionString,
                Cluster = Member("b"),
            },
            () => UntilLeaseIsOverAsync(server));

        // Stopping moved the clock as it liked: back to the moments between ticks and messages.
        fixture.Clock.Advance(TimeSpan.FromMilliseconds((103 - (fixture.Now % 100)) % 100));
        await UntilOwnerAsync(fixture);
        long back = fixture.Now;
        await RunAsync(fixture, back + (secondsAfter * 1_000L));
        long end = fixture.Now;
        await fixture.StopNodeAsync();
        return (await ReadAsync(server), new Gap(start, lost, back), end);
    }

    /// <summary>
    /// When the run began, when the member may first have been cut off, when the next one had the symbols; epoch ms.
    /// </summary>
    private sealed record Gap(long Start, long Lost, long Back)
    {
        /// <summary>
        /// From when on bars are known: at once, or when a minute ended in the gap after its bar was filled over REST.
        /// </summary>
        public long Bars => Lost / 60_000 == Back / 60_000 ? Back : Back + SettleMs;
    }

    private static NodeOptions Options(NodeOptions options) => options with
    {
        Features = true,
        LeaseTtl = TimeSpan.FromSeconds(6),
        ReferenceSymbols = [Symbol.Parse("BTCUSDT"), Symbol.Parse("ETHUSDT")],
        Sectors = [[Symbol.Parse("ETHUSDT"), Symbol.Parse("BTCUSDT")]],
    };

    private static ClusterMembership Member(string name) => new(name, () => $"http://{name}:8080");

    private static Task<double> UntilOwnerAsync(NodeFixture fixture) =>
        fixture.UntilAsync(() => fixture.Node.Status().Symbols.Count == Names.Length, 300, "the symbols are its own");

    private static async Task RunAsync(NodeFixture fixture, long until)
    {
        while (fixture.Now < until)
        {
            await fixture.StepAroundTickAsync(Names);
        }
    }

    // The lease is over by the database's clock, which nobody moves by hand.
    private static async Task UntilLeaseIsOverAsync(PostgresServer server)
    {
        while (await PostgresFixture.AskAsync<bool>(
            server.ConnectionString, "SELECT count(*) > 0 FROM feeds.node WHERE expires_at > clock_timestamp()"))
        {
            await Task.Delay(50, Cancel);
        }
    }

    private static async Task<Dictionary<(string, long), TickRows>> ReadAsync(PostgresServer server)
    {
        IReadOnlyList<string> names = FeatureCatalogue.Golden.Columns;
        await using NpgsqlConnection connection = new(server.ConnectionString + ";Search Path=feeds;Pooling=false");
        await connection.OpenAsync(Cancel);
        await using NpgsqlCommand command = new(
            $"""
            SELECT f.symbol, (extract(epoch FROM f.tick) * 1000)::bigint, f.open_interest, f.open_interest_pct, f.funding_rate, f.basis,
                f.liq_long_usd, f.liq_short_usd, f.liq_ratio, f.obi_top, f.latency_ms, f.source_errors,
                {string.Join(", ", names.Select(static name => $"g.\"{name}\""))}
            FROM feed_row f JOIN feature_row g USING (symbol, tick)
            """,
            connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(Cancel);
        Dictionary<(string, long), TickRows> rows = [];
        while (await reader.ReadAsync(Cancel))
        {
            object[] cells = new object[reader.FieldCount];
            reader.GetValues(cells);
            double At(int i) => cells[i] is double value ? value : double.NaN;
            Symbol symbol = Symbol.Parse((string)cells[0]);
            long tick = (long)cells[1];
            FeedRow feed = new(
                tick, symbol, At(2), At(3), At(4), At(5), At(6), At(7), At(8), At(9), At(10), (string)cells[11]);
            rows.Add(
                (symbol.Text, tick),
                new TickRows(feed, new FeatureRow(tick, symbol, [.. Enumerable.Range(12, names.Count).Select(At)])));
        }

        return rows;
    }
}
