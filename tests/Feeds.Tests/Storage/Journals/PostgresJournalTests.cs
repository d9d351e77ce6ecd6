using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Core.Symbols;
using Feeds.Storage;
using Feeds.Storage.Journals;
using Feeds.Storage.Leases;
using Feeds.Storage.Schema;
using Feeds.Tests.Storage.Postgres;
using Feeds.Tests.Time;
using Npgsql;
using Xunit;

namespace Feeds.Tests.Storage.Journals;

[Collection("postgres")]
public sealed class PostgresJournalTests(PostgresFixture server) : IAsyncLifetime
{
    private static readonly Symbol Btc = Symbol.Parse("BTCUSDT");
    private static readonly Symbol Odd = Symbol.Parse("币安人生USDT");
    private readonly ManualTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_795_231_800_000));
    private readonly List<IAsyncDisposable> _opened = [];
    private string _connection = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _connection = await server.NewDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var each in Enumerable.Reverse(_opened)) await each.DisposeAsync();
    }

    [Fact]
    public async Task Who_owns_a_symbol_next_reads_its_past_bit_for_bit()
    {
        var a = await JoinAsync("a");
        await a.TakeAsync(Btc, Odd);
        Life btc = new(Btc, 1);
        Life odd = new(Odd, 2);
        btc.Live(a.Journal.For(Btc, 0), 2500);
        odd.Live(a.Journal.For(Odd, 0), 900);
        await a.Journal.FlushAsync(Cancel);
        btc.Live(a.Journal.For(Btc, btc.State.Sequence), 700);
        await a.Journal.FlushAsync(Cancel);

        var b = await JoinAsync("b");
        var read = await b.Journal.RecoverAsync([Btc, Odd, Symbol.Parse("NEWUSDT")], _ => 0, Cancel);
        btc.AssertIs(read[Btc]);
        odd.AssertIs(read[Odd]);
        Assert.Equal(0, read[Symbol.Parse("NEWUSDT")].State.Sequence);
    }

    [Fact]
    public async Task Recovery_begins_at_the_newest_snapshot_that_no_sink_is_behind()
    {
        var a = await JoinAsync("a");
        await a.TakeAsync(Btc);
        Life life = new(Btc, 3);
        var journal = a.Journal.For(Btc, 0);
        life.Live(journal, 800);
        var durable = life.State.LastTickTime;
        await a.Journal.KeepAsync(a.Journal.Position, [life.Snapshot()], Cancel);
        life.Live(journal, 800);
        await a.Journal.KeepAsync(a.Journal.Position, [life.Snapshot()], Cancel);
        life.Live(journal, 300);
        var read = (await a.Journal.RecoverAsync([Btc], _ => durable, Cancel))[Btc];
        Assert.Equal(life.Rows.Where(row => row.Feed.TickTime > durable).Select(Text), read.Rows.Select(Text));
        Assert.Equal(life.Bytes(), Life.Bytes(read.State));

        // Only the snapshots are left of the first part: it is from there that the state comes.
        await ExecuteAsync("DELETE FROM journal_block WHERE first_sequence <= 800");
        read = (await a.Journal.RecoverAsync([Btc], _ => durable, Cancel))[Btc];
        Assert.Equal(life.Bytes(), Life.Bytes(read.State));

        // A snapshot is only a cache: one that is damaged is passed over.
        await ExecuteAsync("UPDATE snapshot SET content = content || '\\x00'");
        StorageNotes notes = new();
        var b = await JoinAsync("b", notes);
        await b.Journal.RecoverAsync([Btc], _ => durable, Cancel);
        Assert.Single(notes.Damages);
    }

    [Fact]
    public async Task A_stale_owner_writes_no_block_and_no_snapshot()
    {
        var a = await JoinAsync("a");
        await a.TakeAsync(Btc, Odd);
        Life btc = new(Btc, 4);
        Life odd = new(Odd, 5);
        var ofBtc = a.Journal.For(Btc, 0);
        var ofOdd = a.Journal.For(Odd, 0);
        btc.Live(ofBtc, 50);
        odd.Live(ofOdd, 50);
        await a.Journal.FlushAsync(Cancel);
        btc.Live(ofBtc, 20);
        odd.Live(ofOdd, 20);
        await ExecuteAsync("UPDATE symbol_lease SET epoch = epoch + 1, owner = 'b@1' WHERE symbol = 'BTCUSDT'");
        await a.Journal.FlushAsync(Cancel);
        await a.Journal.KeepAsync(a.Journal.Position, [btc.Snapshot(), odd.Snapshot()], Cancel);
        Assert.Equal((20, 1, 0), (a.Journal.EventsFenced, a.Held.FencedWrites, a.Journal.PendingBytes));
        Assert.Equal("50,70", await AskAsync(
            "SELECT string_agg(n::text, ',' ORDER BY n) FROM (SELECT sum(event_count) n FROM journal_block GROUP BY "
            + "symbol) x"));
        Assert.Equal(Odd.Text, await AskAsync("SELECT string_agg(symbol, ',') FROM snapshot"));
    }

    [Fact]
    public async Task Of_one_sequence_the_highest_epoch_is_the_past()
    {
        var a = await JoinAsync("a");
        await a.TakeAsync(Btc);
        Life life = new(Btc, 6);
        life.Live(a.Journal.For(Btc, 0), 400);
        await a.Journal.FlushAsync(Cancel);
        Life stray = new(Btc, 7, life);
        stray.Live(a.Journal.For(Btc, 400), 60);
        await a.Journal.FlushAsync(Cancel);
        await ExecuteAsync("UPDATE symbol_lease SET owner = NULL");

        // The next owner read a past of 400 events, as if a backup had been restored in between.
        var b = await JoinAsync("b");
        await b.TakeAsync(Btc);
        life.Live(b.Journal.For(Btc, 400), 200);
        await b.Journal.FlushAsync(Cancel);
        life.AssertIs((await b.Journal.RecoverAsync([Btc], _ => 0, Cancel))[Btc]);
    }

    [Fact]
    public async Task A_copy_in_a_folder_gives_the_same_rows_whoever_wrote_them()
    {
        var a = await JoinAsync("a");
        await a.TakeAsync(Btc, Odd);
        Life btc = new(Btc, 10);
        Life odd = new(Odd, 11);
        odd.Live(a.Journal.For(Odd, 0), 300);
        btc.Live(a.Journal.For(Btc, 0), 400);
        await a.Journal.FlushAsync(Cancel);
        Life stray = new(Btc, 12, btc);
        stray.Live(a.Journal.For(Btc, 400), 60);
        await a.Journal.FlushAsync(Cancel);
        await ExecuteAsync("UPDATE symbol_lease SET owner = NULL");
        var b = await JoinAsync("b");
        await b.TakeAsync(Btc);
        btc.Live(b.Journal.For(Btc, 400), 200);
        await b.Journal.FlushAsync(Cancel);

        using TemporaryFolder folder = new();
        StorageNotes notes = new();
        Assert.Equal(
            900, await new PostgresJournalCopy(b.Leases.Database, notes).RunAsync(
                folder.At("all"), null, long.MaxValue, Cancel));
        Assert.Equal(
            btc.Rows.Concat(odd.Rows).OrderBy(static row => row.Feed.TickTime).ThenBy(static row => row.Feed.Symbol)
                .Select(Text),
            Rows(folder.At("all")).Select(Text));
        Assert.Equal(
            300, await new PostgresJournalCopy(b.Leases.Database).RunAsync(
                folder.At("odd"), [Odd], long.MaxValue, Cancel));
        Assert.Equal(odd.Rows.Select(Text), Rows(folder.At("odd")).Select(Text));

        // A block that is damaged is told of, and is a hole of the copy.
        await ExecuteAsync("UPDATE journal_block SET content = content || '\\x00' WHERE epoch = 2");
        Assert.Equal(
            700, await new PostgresJournalCopy(b.Leases.Database, notes).RunAsync(
                folder.At("less"), null, long.MaxValue, Cancel));
        Assert.Single(notes.Damages);
    }

    [Fact]
    public async Task Events_wait_in_memory_while_the_database_is_away_and_no_more_than_may()
    {
        PostgresFixture.Require();
        await using var own = await PostgresServer.StartAsync(durable: true);
        _connection = own.ConnectionString;
        var a = await JoinAsync("a", maxPending: 400_000);
        await a.TakeAsync(Btc);
        Life life = new(Btc, 8);
        var journal = a.Journal.For(Btc, 0);
        life.Live(journal, 10);
        await a.Journal.FlushAsync(Cancel);
        await own.StopAsync("immediate");
        while (a.Journal.HasRoom) life.Live(journal, 1);

        // What waits counts as it lies in memory: compressed.
        Assert.True(life.EventBytes > 2 * 400_000, $"{life.EventBytes} bytes of events");
        await Assert.ThrowsAnyAsync<StorageException>(async () => await a.Journal.FlushAsync(Cancel));
        var failure = Assert.ThrowsAny<StorageException>(() => life.Live(journal, int.MaxValue));
        Assert.Contains("no more are taken", failure.Message, StringComparison.Ordinal);
        await own.StartAgainAsync();
        await FlushUntilDoneAsync(a.Journal);
        Assert.Equal(0, a.Journal.PendingBytes);
        life.AssertIs((await a.Journal.RecoverAsync([Btc], _ => 0, Cancel))[Btc]);
    }

    [Fact]
    public async Task Old_days_go_when_no_symbol_needs_them()
    {
        var a = await JoinAsync("a");
        await a.TakeAsync(Btc);
        Life life = new(Btc, 9);
        var journal = a.Journal.For(Btc, 0);
        life.Live(journal, 100);
        await a.Journal.FlushAsync(Cancel);
        _time.Advance(TimeSpan.FromDays(9));
        await a.Journal.TendAsync(_ => life.State.LastTickTime, Cancel);
        Assert.Equal("100", await AskAsync("SELECT sum(event_count)::text FROM journal_block"));
        await a.Journal.KeepAsync(a.Journal.Position, [life.Snapshot()], Cancel);
        await a.Journal.TendAsync(_ => life.State.LastTickTime - 1, Cancel);
        Assert.Equal("100", await AskAsync("SELECT sum(event_count)::text FROM journal_block"));
        await a.Journal.TendAsync(_ => life.State.LastTickTime, Cancel);
        Assert.Null(await AskAsync("SELECT sum(event_count)::text FROM journal_block"));
        Assert.Equal(
            life.Bytes(), Life.Bytes((await a.Journal.RecoverAsync([Btc], _ => long.MaxValue, Cancel))[Btc].State));
    }

    [Fact]
    public async Task A_day_that_somebody_reads_is_dropped_later_and_holds_nobody_up()
    {
        var a = await JoinAsync("a");
        await a.TakeAsync(Btc);
        Life life = new(Btc, 13);
        var journal = a.Journal.For(Btc, 0);
        life.Live(journal, 100);
        await a.Journal.KeepAsync(a.Journal.Position, [life.Snapshot()], Cancel);
        _time.Advance(TimeSpan.FromDays(9));
        await using (NpgsqlConnection reading = new(_connection + ";Search Path=feeds;Pooling=false"))
        {
            await reading.OpenAsync(Cancel);
            await using var transaction = await reading.BeginTransactionAsync(Cancel);
            await using (NpgsqlCommand command = new("SELECT count(*) FROM journal_block", reading))
            {
                await command.ExecuteScalarAsync(Cancel);
            }

            var busy = await Assert.ThrowsAsync<DatabaseException>(
                async () => await a.Journal.TendAsync(_ => life.State.LastTickTime, Cancel));
            Assert.Contains("55P03", busy.Message, StringComparison.Ordinal);
            Assert.False(busy.IsForPerson);
        }

        await a.Journal.TendAsync(_ => life.State.LastTickTime, Cancel);
        Assert.Null(await AskAsync("SELECT sum(event_count)::text FROM journal_block"));
    }

    [Fact]
    public async Task Of_a_long_past_only_the_blocks_since_the_snapshot_are_read()
    {
        var a = await JoinAsync("a");
        await a.TakeAsync(Btc);
        Life life = new(Btc, 14);
        var journal = a.Journal.For(Btc, 0);
        for (var i = 0; i < 40; i++)
        {
            life.Live(journal, i % 3 == 0 ? 1_000 : 90);
            await a.Journal.FlushAsync(Cancel);
        }

        await a.Journal.KeepAsync(a.Journal.Position, [life.Snapshot()], Cancel);
        life.Live(journal, 1_300);
        await a.Journal.FlushAsync(Cancel);

        // What is older than a block before the snapshot may be damaged: nobody looks there.
        await ExecuteAsync(
            $"UPDATE journal_block SET checksum = 0 WHERE first_sequence + 1000 <= {life.State.Sequence - 1_300}");
        StorageNotes notes = new();
        var b = await JoinAsync("b", notes);
        var read = (await b.Journal.RecoverAsync([Btc], _ => long.MaxValue, Cancel))[Btc];
        Assert.Equal(life.Bytes(), Life.Bytes(read.State));
        Assert.Empty(notes.Damages);
    }

    private static List<TickRows> Rows(string folder)
    {
        List<TickRows> rows = [];
        new JournalFold(folder).Run(new FoldOptions(), tick => rows.Add(tick.Rows), Cancel);
        return rows;
    }

    private static async Task FlushUntilDoneAsync(PostgresJournal journal)
    {
        while (true)
        {
            try
            {
                await journal.FlushAsync(Cancel);
                return;
            }
            catch (StorageException)
            {
                await Task.Yield();
            }
        }
    }

    private async Task<JournalNode> JoinAsync(string name, IStorageEvents? events = null, long maxPending = 64_000_000)
    {
        var leases = await PostgresLeases.OpenAsync(
            new PostgresLeasesOptions { Name = name, LeaseTime = TimeSpan.FromMinutes(1) },
            PostgresFixture.Options(_connection), _time, Cancel);
        _opened.Add(leases);
        await leases.RenewAsync(Cancel);
        HeldLeases held = new();
        PostgresJournal journal = new(
            new PostgresJournalOptions { MaxPendingBytes = maxPending }, leases, held, _time, events);
        _opened.Add(journal);
        return new JournalNode(leases, held, journal);
    }

    private static string Text(TickRows rows) => rows.Feed.ToString();

    private Task<string?> AskAsync(string sql) => PostgresFixture.AskAsync<string>(_connection, sql);

    private Task ExecuteAsync(string sql) => PostgresFixture.ExecuteAsync(_connection, sql);

    private sealed record JournalNode(PostgresLeases Leases, HeldLeases Held, PostgresJournal Journal)
    {
        public async Task TakeAsync(params Symbol[] symbols)
        {
            foreach (var symbol in symbols) await Leases.AddSymbolAsync(symbol, Cancel);
            foreach (var lease in await Leases.TakeAsync(symbols, Cancel)) Held.Hold(lease);
        }
    }

    /// <summary>A symbol that lives: its events are admitted, journaled and applied, as an actor does.</summary>
    private sealed class Life
    {
        private readonly AnyEvents _events;
        private readonly Symbol _symbol;

        public Life(Symbol symbol, int seed, Life? past = null)
        {
            _symbol = symbol;
            _events = new AnyEvents(seed, wild: false);
            State = new SymbolState(symbol);
            if (past is not null) State.TryLoad(new StateReader(past.Bytes()));
        }

        public SymbolState State { get; }

        public List<TickRows> Rows { get; } = [];

        /// <summary>Bytes of the events, as they come; slow records not counted.</summary>
        public long EventBytes { get; private set; }

        public static byte[] Bytes(SymbolState state)
        {
            StateWriter writer = new();
            state.Save(writer);
            return writer.Written.ToArray();
        }

        public byte[] Bytes() => Bytes(State);

        public SymbolSnapshot Snapshot() =>
            new(_symbol, State.Sequence, State.LastTickTime, State.LastReceiveTime, Bytes());

        public void Live(ISymbolJournal journal, int events)
        {
            for (var until = State.Sequence + events; State.Sequence < until;)
            {
                var e = _events.Next();
                if (State.Admit(e) != Admission.Accepted) continue;
                journal.Append(State.Sequence + 1, e);
                EventBytes += Math.Max(0, EventCodec.LengthOf(e));
                if (State.Apply(e) is { } rows) Rows.Add(rows);
            }
        }

        public void AssertIs(RecoveredSymbol read)
        {
            Assert.Equal(State.Sequence, read.State.Sequence);
            Assert.Equal(Bytes(), Bytes(read.State));
            Assert.Equal(Rows.Select(Text), read.Rows.Select(Text));
            Assert.NotEmpty(Rows);
        }
    }
}
