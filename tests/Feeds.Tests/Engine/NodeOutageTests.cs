using Feeds.Core.Symbols;
using Feeds.Engine;
using Feeds.Storage.Journals;
using Feeds.Storage.Schema;
using Feeds.Storage.Sinks;
using Feeds.Tests.Storage;
using Feeds.Tests.Storage.Postgres;
using Npgsql;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>A member of a cluster whose PostgreSQL is away for longer than memory may hold events.</summary>
[Collection("postgres")]
public sealed class NodeOutageTests
{
    private const long MaxPending = 150_000;
    private static readonly string[] Names = ["BTCUSDT", "ETHUSDT"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task At_the_bound_symbols_wait_what_is_lost_is_declared_and_with_the_database_the_node_is_back()
    {
        PostgresFixture.Require();
        await using PostgresServer server = await PostgresServer.StartAsync(durable: true);
        await using NodeFixture fixture = await NodeFixture.StartAsync(Names, node: options => options with
        {
            Postgres = server.ConnectionString,
            Cluster = new ClusterMembership("a", static () => "http://a:8080"),
            JournalMaxPendingBytes = MaxPending,
        });
        await fixture.UntilAsync(
            () => fixture.Node.Status().Symbols.Count == Names.Length, 120, "the symbols are taken");
        await fixture.UntilHealthyAsync();

        await server.StopAsync("immediate");
        await fixture.UntilAsync(() => !fixture.Node.Parts.Journal.HasRoom, 1_800, "the bound is reached");
        await UntilNothingIsTakenAsync(fixture);

        // No symbol fails, no actor is given up.
        Assert.All(fixture.Node.Status().Symbols, static symbol => Assert.Equal(0, symbol.Restarts));
        Assert.False(fixture.Node.Failed.IsCompleted);
        Assert.Contains(
            fixture.Node.Status().Reasons,
            static reason => reason.StartsWith("lease: not good, rows wait", StringComparison.Ordinal));

        await server.StartAgainAsync();
        await fixture.UntilAsync(
            () => fixture.Node.Status() is { Symbols.Count: 2 } status && status.Stores.All(static store => store.IsOk)
                && status.Symbols.All(
                    symbol => symbol.LastRow is { SourceErrors: "" } row && row.TickTime > fixture.Now - 3_000),
            300,
            "the node goes on");
        await fixture.RunAsync(15);
        await fixture.Node.Parts.Journal.FlushAsync(Cancel);

        using TemporaryFolder folder = new();
        await using PostgresDatabase database = new(PostgresFixture.Options(server.ConnectionString));
        await new PostgresJournalCopy(database).RunAsync(folder.At("running"), null, long.MaxValue, Cancel);
        Assert.All(Names, name => LedgerCheck.Holds(fixture, name, folder.At("running"), gaps: true));
        await fixture.StopNodeAsync();
        await new PostgresJournalCopy(database).RunAsync(folder.At("journal"), null, long.MaxValue, Cancel);
        await AssertRowsAsync(server, folder.At("journal"));
    }

    // What was taken is compressed now and then, which makes room; in the end there is none, and only the market moves
    // on.
    private static async Task UntilNothingIsTakenAsync(NodeFixture fixture)
    {
        long[] sequences = [];
        for (int still = 0, steps = 0; still < 100; steps++)
        {
            Assert.True(steps < 10_000, "symbols take events without end");
            fixture.Clock.Advance(fixture.Step);
            await Task.WhenAny(fixture.Venue.FlushAsync(), Task.Delay(50, Cancel));
            await Task.Delay(5, Cancel);
            Assert.InRange(fixture.Node.Parts.Journal.PendingBytes, 1, MaxPending);
            long[] now = Sequences(fixture);
            still = now.SequenceEqual(sequences) ? still + 1 : 0;
            sequences = now;
        }
    }

    // The table is the fold of the journal, bit for bit; ticks that passed in silence are named in the row after them.
    private static async Task AssertRowsAsync(PostgresServer server, string journal)
    {
        List<TickRows> rows = [];
        new JournalFold(journal).Run(new FoldOptions(), tick => rows.Add(tick.Rows), Cancel);
        await using NpgsqlConnection connection = new(server.ConnectionString + ";Search Path=feeds;Pooling=false");
        await connection.OpenAsync(Cancel);
        Assert.All(await PostgresRows.CompareAsync(connection, rows, Cancel), static same => Assert.True(same));
        await using NpgsqlCommand count = new("SELECT count(*) FROM feed_row", connection);
        Assert.Equal((long)rows.Count, await count.ExecuteScalarAsync(Cancel));
        foreach (string name in Names)
        {
            FeedRow[] own = [.. rows.Select(static each => each.Feed).Where(row => row.Symbol.Text == name)];
            FeedRow[] late = [.. own.Zip(own.Skip(1)).Where(
                static pair => pair.Second.TickTime - pair.First.TickTime > 1_000).Select(static pair => pair.Second)];
            Assert.NotEmpty(late);
            Assert.All(late, static row => Assert.Contains("lag:skipped", row.SourceErrors, StringComparison.Ordinal));
        }
    }

    private static long[] Sequences(NodeFixture fixture) =>
        [.. fixture.Node.Status().Symbols.Select(static symbol => symbol.Sequence)];
}
