using System.Globalization;
using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage.Leases;
using Feeds.Storage.Schema;
using Feeds.Storage.Sinks;
using Feeds.Tests.Storage.Postgres;
using Xunit;

namespace Feeds.Tests.Storage.Sinks;

[Collection("postgres")]
public sealed class PostgresRowSinkTests(PostgresFixture server) : IAsyncLifetime
{
    private const long Start = 1_795_219_200_000;
    private static readonly Symbol Btc = Symbol.Parse("BTCUSDT");
    private static readonly Symbol Odd = Symbol.Parse("币安人生USDT");
    private string _connection = "";
    private PostgresDatabase _database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connection = await server.NewDatabaseAsync();
        _database = new PostgresDatabase(PostgresFixture.Options(_connection));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Rows_come_back_bit_for_bit_and_a_new_sink_knows_how_far_they_go()
    {
        await using var sink = await OpenAsync();
        Assert.Equal(0, sink.DurableTick(Btc));
        TickRows[] rows = [Row(Btc, 0), Row(Odd, 0), Row(Btc, 1), Row(Btc, 90_000)];
        await sink.WriteAsync(rows, Cancel);
        Assert.Equal((4, Start + 90_000_000), (sink.RowsWritten, sink.DurableTick(Btc)));

        await using var again = await OpenAsync();
        Assert.Equal((Start + 90_000_000, Start), (again.DurableTick(Btc), again.DurableTick(Odd)));
        await again.WriteAsync(rows, Cancel);
        Assert.Equal((0, 4, 0), (again.RowsWritten, again.RowsHeld, again.RowsConflictDiffer));
        Assert.Equal("4,4", await CountAsync());
        Assert.Equal(
            "20261121,20261122,20261123",
            await AskAsync(
                "SELECT string_agg(right(relname, 8), ',' ORDER BY relname) FROM pg_class WHERE relname ~ "
                + "'^feed_row_2.......$'"));
    }

    [Fact]
    public async Task A_row_that_differs_is_refused_and_counted_and_what_is_there_stands()
    {
        await using var sink = await OpenAsync();
        var row = Row(Btc, 0);
        await sink.WriteAsync([row], Cancel);
        double next = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(row.Feed.Basis) + 1);
        var other = row with { Feed = row.Feed with { Basis = next } };
        await sink.WriteAsync([other, Row(Btc, 1)], Cancel);
        double[] features = new double[FeatureCatalogue.Golden.Columns.Count];
        await sink.WriteAsync([row with { Features = new FeatureRow(Start, Btc, features) }], Cancel);
        Assert.Equal((2, 0, 2), (sink.RowsWritten, sink.RowsHeld, sink.RowsConflictDiffer));
        Assert.Equal(
            row.Feed.Basis.ToString("R", CultureInfo.InvariantCulture),
            await AskAsync("SELECT basis::text FROM feed_row ORDER BY tick LIMIT 1"));
    }

    [Fact]
    public async Task A_row_that_another_wrote_in_between_is_compared_and_the_rest_of_the_batch_is_written()
    {
        await using var slow = await OpenAsync();
        await using var quick = await OpenAsync();
        await quick.WriteAsync([Row(Btc, 1), Row(Btc, 2)], Cancel);
        await slow.WriteAsync([Row(Btc, 0), Row(Btc, 1), Row(Btc, 2), Row(Btc, 3), Row(Odd, 2)], Cancel);
        Assert.Equal((3, 2, 0), (slow.RowsWritten, slow.RowsHeld, slow.RowsConflictDiffer));
        Assert.Equal("5,5", await CountAsync());
    }

    [Fact]
    public async Task One_row_that_cannot_be_stored_is_put_aside_with_its_reason()
    {
        StorageNotes notes = new();
        await using var sink = await PostgresRowSink.OpenAsync(_database, notes, Cancel);
        var poison = Row(Btc, 2) with { Feed = Row(Btc, 2).Feed with { SourceErrors = "bars:\0" } };
        await sink.WriteAsync([Row(Btc, 0), Row(Btc, 1), poison, Row(Btc, 3), Row(Odd, 0)], Cancel);
        Assert.Equal((4, 1, Start + 3_000), (sink.RowsWritten, sink.RowsDead, sink.DurableTick(Btc)));
        Assert.Equal("4,4", await CountAsync());
        Assert.Contains("22021", await AskAsync("SELECT reason FROM row_dead_letter"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_person_must_mend_is_said_and_nothing_is_lost()
    {
        await using var sink = await OpenAsync();
        await sink.WriteAsync([Row(Btc, 0)], Cancel);
        await ExecuteAsync("ALTER TABLE feature_row RENAME TO away");
        var failure = await Assert.ThrowsAsync<DatabaseException>(
            async () => await sink.WriteAsync([Row(Btc, 1)], Cancel));
        Assert.True(failure.IsForPerson);
        Assert.Contains("42P01", failure.Message, StringComparison.Ordinal);
        await ExecuteAsync("ALTER TABLE away RENAME TO feature_row");
        await sink.WriteAsync([Row(Btc, 1)], Cancel);
        Assert.Equal("2,2", await CountAsync());
    }

    [Fact]
    public async Task Rows_that_gathered_while_the_server_was_away_are_written_in_transactions_that_end_in_time()
    {
        await using var sink = await OpenAsync();
        TickRows[] rows = [.. Enumerable.Range(0, 7_000).SelectMany(
            second => (TickRows[])[Row(Btc, second), Row(Odd, second)])
            .Select(static row => row with { Features = null })];
        await sink.WriteAsync(rows, Cancel);
        Assert.Equal((14_000, 3), (sink.RowsWritten, sink.Writer.Batches));

        // Held already, all of them, and compared in as many steps.
        await sink.WriteAsync(rows, Cancel);
        Assert.Equal((14_000, 14_000, 0), (sink.RowsWritten, sink.RowsHeld, sink.RowsConflictDiffer));
        Assert.Equal("14000,0", await CountAsync());
    }

    [Fact]
    public async Task A_day_that_another_dropped_is_made_again()
    {
        await using var sink = await OpenAsync();
        await sink.WriteAsync([Row(Btc, 0)], Cancel);
        await ExecuteAsync("DROP TABLE feed_row_20261121, feed_row_20261122");
        await sink.WriteAsync([Row(Odd, 1)], Cancel);
        Assert.Equal("1,2", await CountAsync());
    }

    [Fact]
    public async Task Only_symbols_under_a_valid_lease_are_written_and_the_node_is_told_of_the_others()
    {
        await using var a = await JoinAsync("a");
        HeldLeases held = new();
        List<SymbolLease> fenced = [];
        held.Fenced += fenced.Add;
        await a.AddSymbolAsync(Btc, Cancel);
        await a.AddSymbolAsync(Odd, Cancel);
        foreach (var lease in await a.TakeAsync([Btc, Odd], Cancel)) held.Hold(lease);
        await using var sink = await PostgresRowSink.OpenAsync(a, held, null, Cancel);
        await sink.WriteAsync([Row(Btc, 0), Row(Odd, 0), Row(Symbol.Parse("ETHUSDT"), 0)], Cancel);
        Assert.Equal((2, 1), (sink.RowsWritten, sink.RowsFenced));

        await ExecuteAsync("UPDATE symbol_lease SET epoch = epoch + 1 WHERE symbol = 'BTCUSDT'");
        await sink.WriteAsync([Row(Btc, 1), Row(Odd, 1), Row(Btc, 2)], Cancel);
        Assert.Equal([new SymbolLease(Btc, a.NodeId, 1)], fenced);
        Assert.Equal((3, 3, 1, Start), (sink.RowsWritten, sink.RowsFenced, held.FencedWrites, sink.DurableTick(Btc)));
        Assert.Equal("3,3", await CountAsync());

        await ExecuteAsync("UPDATE symbol_lease SET owner = 'b@1' WHERE symbol <> 'BTCUSDT'");
        await sink.WriteAsync([Row(Odd, 2)], Cancel);
        Assert.Equal("3,3", await CountAsync());
    }

    /// <summary>
    /// The table of part 1 of the faults: a writer pauses between its check and its rows, a taker comes in the pause.
    /// </summary>
    [Theory]
    [InlineData(FenceMode.Share, false)]
    [InlineData(FenceMode.NoLock, true)]
    [InlineData(FenceMode.Off, true)]
    internal async Task A_writer_that_pauses_inside_its_transaction_writes_nothing_after_a_take_over(
        FenceMode mode, bool staleRow)
    {
        await using var a = await JoinAsync("a");
        await using var b = await JoinAsync("b");
        await a.AddSymbolAsync(Btc, Cancel);
        HeldLeases held = new();
        foreach (var lease in await a.TakeAsync([Btc], Cancel)) held.Hold(lease);
        await using var sink = await PostgresRowSink.OpenAsync(a, held, null, Cancel);
        await sink.WriteAsync([Row(Btc, 0)], Cancel);
        sink.Writer.Mode = mode;
        SymbolLease? taken = null;
        sink.Writer.AfterFence = async () =>
        {
            sink.Writer.AfterFence = null;
            await ExecuteAsync("UPDATE node SET expires_at = clock_timestamp() - interval '1 s' WHERE name = 'a'");
            taken = Assert.Single(await b.TakeAsync([Btc], Cancel));
            await ExecuteAsync(
                "INSERT INTO feed_row (symbol, tick, source_errors, epoch) VALUES ('BTCUSDT', '2026-11-21 "
                + "00:00:02+00', '', 2)");
        };
        if (mode == FenceMode.Share)
        {
            // Whoever takes a dead node's symbols ends its sessions; the next try finds the lease gone.
            await Assert.ThrowsAsync<DatabaseException>(async () => await sink.WriteAsync([Row(Btc, 1)], Cancel));
            await sink.WriteAsync([Row(Btc, 1)], Cancel);
            Assert.Equal(1, held.FencedWrites);
        }
        else
        {
            await sink.WriteAsync([Row(Btc, 1)], Cancel);
        }

        Assert.Equal(2, taken!.Epoch);
        Assert.Equal(
            staleRow ? "1,1,2" : "1,2",
            await AskAsync("SELECT string_agg(epoch::text, ',' ORDER BY tick) FROM feed_row"));
    }

    [Fact]
    public async Task A_taker_waits_for_the_commit_of_a_living_writer()
    {
        await using var a = await JoinAsync("a");
        await using var b = await JoinAsync("b");
        await a.AddSymbolAsync(Btc, Cancel);
        HeldLeases held = new();
        var leases = await a.TakeAsync([Btc], Cancel);
        held.Hold(leases[0]);
        await using var sink = await PostgresRowSink.OpenAsync(a, held, null, Cancel);
        Task release = Task.CompletedTask;
        sink.Writer.AfterFence = async () =>
        {
            release = a.ReleaseAsync(leases, Cancel);
            while (await AskAsync("SELECT count(*)::text FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == "0")
                await Task.Yield();
            Assert.False(release.IsCompleted);
        };
        await sink.WriteAsync([Row(Btc, 0)], Cancel);
        await release;
        Assert.Equal((1, 0), (sink.RowsWritten, held.FencedWrites));
        Assert.Equal(2, Assert.Single(await b.TakeAsync([Btc], Cancel)).Epoch);
    }

    [Fact]
    public async Task Symbols_that_come_are_read_up_when_the_write_of_others_is_done_and_not_beside_it()
    {
        await using var sink = await OpenAsync();
        TaskCompletionSource fenced = new();
        TaskCompletionSource release = new();
        sink.Writer.AfterFence = async () =>
        {
            fenced.TrySetResult();
            await release.Task;
        };
        var writing = sink.WriteAsync([Row(Btc, 1)], Cancel).AsTask();
        await fenced.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancel);
        var reading = sink.RefreshAsync([Odd], Cancel);
        for (int trip = 0; trip < 20 && !reading.IsCompleted; trip++)
        {
            await AskAsync("SELECT 'a round trip, in which it could have been read'");
        }

        Assert.False(reading.IsCompleted);
        release.SetResult();
        await writing;
        await reading;
        Assert.Equal((Start + 1_000, 0), (sink.DurableTick(Btc), sink.DurableTick(Odd)));
    }

    [Fact]
    public async Task The_mark_of_a_member_that_wrote_nothing_for_long_stays_and_that_of_one_that_is_gone_goes()
    {
        await using var a = await JoinAsync("a");
        await using var b = await JoinAsync("b");
        await a.AddSymbolAsync(Btc, Cancel);
        HeldLeases held = new();
        held.Hold(Assert.Single(await a.TakeAsync([Btc], Cancel)));
        await using var sink = await PostgresRowSink.OpenAsync(a, held, null, Cancel);
        await sink.WriteAsync([Row(Btc, 0)], Cancel);
        await ExecuteAsync("INSERT INTO write_mark (writer, batch) VALUES ('gone@1/rows', 7)");
        await ExecuteAsync("UPDATE write_mark SET written_at = written_at - interval '31 days'");

        // Whoever writes for the first time sweeps.
        await b.AddSymbolAsync(Odd, Cancel);
        HeldLeases ofB = new();
        ofB.Hold(Assert.Single(await b.TakeAsync([Odd], Cancel)));
        await using var sweeping = await PostgresRowSink.OpenAsync(b, ofB, null, Cancel);
        await sweeping.WriteAsync([Row(Odd, 0)], Cancel);
        await sink.WriteAsync([Row(Btc, 1)], Cancel);
        Assert.Equal("a@1/rows,b@1/rows", await AskAsync("SELECT string_agg(writer, ',' ORDER BY writer) FROM write_mark"));
    }

    internal static TickRows Row(Symbol symbol, int second)
    {
        var time = Start + (second * 1000L);
        double[] values = [.. Enumerable.Range(0, FeatureCatalogue.Golden.Columns.Count)
            .Select(i => i % 7 == 0 ? double.NaN : i % 11 == 0
                ? -0.0 : Math.ScaleB(second + 1 + (i / 3.0), (i % 40) - 20))];
        return new TickRows(
            new FeedRow(
                time, symbol, 81_234.567 + second, double.NaN, 0.0001, -1.0 / 3, 0, 12.5, double.NaN, 0.1 + 0.2, second,
                "bars:stale"),
            new FeatureRow(time, symbol, values));
    }

    private Task<PostgresRowSink> OpenAsync() => PostgresRowSink.OpenAsync(_database, null, Cancel);

    private async Task<PostgresLeases> JoinAsync(string name)
    {
        var leases = await PostgresLeases.OpenAsync(
            new PostgresLeasesOptions { Name = name, LeaseTime = TimeSpan.FromMinutes(1) },
            PostgresFixture.Options(_connection), TimeProvider.System, Cancel);
        await leases.RenewAsync(Cancel);
        return leases;
    }

    private Task<string?> AskAsync(string sql) => PostgresFixture.AskAsync<string>(_connection, sql);

    private Task ExecuteAsync(string sql) => PostgresFixture.ExecuteAsync(_connection, sql);

    private Task<string?> CountAsync() =>
        AskAsync("SELECT (SELECT count(*) FROM feed_row) || ',' || (SELECT count(*) FROM feature_row)");
}
