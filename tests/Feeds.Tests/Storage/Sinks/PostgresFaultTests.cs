using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage;
using Feeds.Storage.Leases;
using Feeds.Storage.Schema;
using Feeds.Storage.Sinks;
using Feeds.Tests.Storage.Postgres;
using Xunit;

namespace Feeds.Tests.Storage.Sinks;

/// <summary>What a database and the way to it can do to rows: each of them is there once in the end.</summary>
[Collection("postgres")]
public sealed class PostgresFaultTests(PostgresFixture server)
{
    private static readonly Symbol Btc = Symbol.Parse("BTCUSDT");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CuttingProxy.Cut.BeforeCommit, 0)]
    [InlineData(CuttingProxy.Cut.AfterCommit, 1)]
    internal async Task A_commit_whose_answer_was_lost_is_looked_up_and_not_done_twice(CuttingProxy.Cut cut, int found)
    {
        var direct = await server.NewDatabaseAsync();
        await using CuttingProxy proxy = new(direct);
        await using PostgresDatabase database = new(PostgresFixture.Options(proxy.ConnectionString));
        await using var sink = await PostgresRowSink.OpenAsync(database, null, Cancel);
        await sink.WriteAsync(Rows(0, 2), Cancel);
        proxy.Arm(cut);
        await sink.WriteAsync(Rows(2, 3), Cancel);
        await sink.WriteAsync(Rows(5, 1), Cancel);
        Assert.Equal((1, found), (proxy.Cuts, sink.Writer.LostAnswers));
        Assert.Equal((6, 0, 0), (sink.RowsWritten, sink.RowsHeld, sink.RowsConflictDiffer));
        Assert.Equal("6,6", await CountAsync(direct));
    }

    [Theory]
    [InlineData(CuttingProxy.Cut.BeforeCommit, 0)]
    [InlineData(CuttingProxy.Cut.AfterCommit, 1)]
    internal async Task A_commit_whose_answer_was_lost_is_looked_up_when_the_database_is_back(
        CuttingProxy.Cut cut, int found)
    {
        var direct = await server.NewDatabaseAsync();
        await using CuttingProxy proxy = new(direct);
        await using PostgresDatabase database = new(PostgresFixture.Options(proxy.ConnectionString));
        await using var sink = await PostgresRowSink.OpenAsync(database, null, Cancel);
        await sink.WriteAsync(Rows(0, 2), Cancel);
        proxy.Arm(cut, staysDown: true);
        await Assert.ThrowsAsync<DatabaseException>(async () => await sink.WriteAsync(Rows(2, 3), Cancel));
        await Assert.ThrowsAsync<DatabaseException>(async () => await sink.WriteAsync(Rows(2, 3), Cancel));
        proxy.Heal();
        await sink.WriteAsync(Rows(2, 4), Cancel);
        Assert.Equal(found, sink.Writer.LostAnswers);
        Assert.Equal((6, 3 * found, 0), (sink.RowsWritten, sink.RowsHeld, sink.RowsConflictDiffer));
        Assert.Equal("6,6", await CountAsync(direct));
    }

    [Fact]
    public async Task Sessions_that_are_ended_all_the_time_lose_nothing_and_double_nothing()
    {
        var connection = await server.NewDatabaseAsync();
        await using PostgresDatabase database = new(PostgresFixture.Options(connection));
        await using var sink = await PostgresRowSink.OpenAsync(database, null, Cancel);
        for (var batch = 0; batch < 20; batch++)
        {
            // A few of them at any moment of the batch; then it is let through.
            var writing = WriteUntilDoneAsync(sink, Rows(batch * 5, 5));
            for (var kill = 0; kill < 3 && !writing.IsCompleted; kill++)
            {
                await PostgresFixture.ExecuteAsync(
                    connection,
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE application_name = 'feeds' AND datname = current_database()
                    """);
            }

            await writing;
        }

        Assert.Equal(0, sink.RowsConflictDiffer);
        Assert.Equal("100,100", await CountAsync(connection));
    }

    [Fact]
    public async Task What_was_confirmed_outlives_a_crash_of_the_server_and_the_rest_follows()
    {
        PostgresFixture.Require();
        await using var own = await PostgresServer.StartAsync(durable: true);
        await using PostgresDatabase database = new(PostgresFixture.Options(own.ConnectionString));
        await using var sink = await PostgresRowSink.OpenAsync(database, null, Cancel);
        for (var crash = 0; crash < 3; crash++)
        {
            await sink.WriteAsync(Rows(crash * 10, 5), Cancel);
            await own.StopAsync("immediate");
            await Assert.ThrowsAsync<DatabaseException>(
                async () => await sink.WriteAsync(Rows((crash * 10) + 5, 5), Cancel));
            await own.StartAgainAsync();
            await WriteUntilDoneAsync(sink, Rows((crash * 10) + 5, 5));
        }

        Assert.Equal((30, 0), (sink.RowsWritten, sink.RowsConflictDiffer));
        Assert.Equal("30,30", await CountAsync(own.ConnectionString));
    }

    [Fact]
    public async Task A_referee_restored_from_an_older_backup_is_noticed_and_refused()
    {
        PostgresFixture.Require();
        await using var own = await PostgresServer.StartAsync();
        await using var leases = await PostgresLeases.OpenAsync(
            new PostgresLeasesOptions { Name = "a", LeaseTime = TimeSpan.FromMinutes(5) },
            PostgresFixture.Options(own.ConnectionString), TimeProvider.System, Cancel);
        await leases.RenewAsync(Cancel);
        HeldLeases held = new();
        await leases.AddSymbolAsync(Btc, Cancel);
        held.Hold(Assert.Single(await leases.TakeAsync([Btc], Cancel)));
        await using var sink = await PostgresRowSink.OpenAsync(leases, held, null, Cancel);
        await sink.WriteAsync(Rows(0, 1), Cancel);
        await own.DumpAsync("postgres", own.At("backup"));
        await sink.WriteAsync(Rows(1, 1), Cancel);
        await own.RestoreAsync("postgres", "feeds", own.At("backup"));

        // The epoch is what it was; that the last write is forgotten is noticed all the same, and again and again.
        for (var i = 0; i < 2; i++)
        {
            var refused = await Assert.ThrowsAsync<RefereeWentBackException>(
                () => WriteUntilDoneAsync(sink, Rows(2, 1)));
            Assert.Contains("the referee went backwards", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal("1,1", await CountAsync(own.ConnectionString));
    }

    private static TickRows[] Rows(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(second => PostgresRowSinkTests.Row(Btc, second))];

    private static async Task WriteUntilDoneAsync(PostgresRowSink sink, IReadOnlyList<TickRows> rows)
    {
        while (true)
        {
            try
            {
                await sink.WriteAsync(rows, Cancel);
                return;
            }
            catch (StorageException failure) when (failure is DatabaseException { IsForPerson: false })
            {
                await Task.Yield();
            }
        }
    }

    private static Task<string?> CountAsync(string connection) => PostgresFixture.AskAsync<string>(
        connection, "SELECT (SELECT count(*) FROM feed_row) || ',' || (SELECT count(*) FROM feature_row)");
}
