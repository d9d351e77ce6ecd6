using System.Globalization;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Engine.Sharding;
using Feeds.Storage;
using Feeds.Storage.Journals;
using Feeds.Storage.Schema;
using Feeds.Storage.Sinks;
using Npgsql;
using Xunit;

namespace Feeds.System.Tests.Cluster;

/// <summary>What a cluster's database holds, asked past the nodes.</summary>
internal sealed class ClusterTable(string connectionString, Func<string> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public async Task<T> AskAsync<T>(string question)
    {
        await using NpgsqlConnection connection = await ConnectAsync();
        await using NpgsqlCommand command = new(question, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>
    /// Lets the database itself witness each write that is committed under an epoch that is not its symbol's any more:
    /// rows and blocks say their epoch, so such a write does no harm to who reads them, but the fence has to keep it
    /// out.
    /// </summary>
    public async Task WitnessAsync()
    {
        await using NpgsqlConnection connection = await ConnectAsync();
        await using NpgsqlCommand command = new(
            """
            CREATE TABLE stale_write (what text NOT NULL);
            CREATE FUNCTION witness() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE now_at bigint;
            BEGIN
                SELECT epoch INTO now_at FROM feeds.symbol_lease WHERE symbol = NEW.symbol;
                IF now_at <> NEW.epoch THEN
                    INSERT INTO feeds.stale_write VALUES (TG_TABLE_NAME || ' of ' || NEW.symbol || ' under ' || NEW.epoch || ' at ' || now_at);
                END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER witness AFTER INSERT ON feed_row DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION witness();
            CREATE CONSTRAINT TRIGGER witness AFTER INSERT ON journal_block DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION witness();
            """,
            connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Waits until a question is answered with yes.</summary>
    public Task UntilAsync(string question) =>
        Eventually.IsTrueAsync(() => TryAskAsync(question), Patience, () => $"{question}\n{log()}");

    /// <summary>Waits until each symbol's owner is the node to which it belongs among these.</summary>
    public Task UntilPlacedAsync(IReadOnlyCollection<string> names) => Eventually.IsTrueAsync(
        async () => await TryOwnersAsync() is { Count: > 0 } owners
            && owners.All(
                lease => lease.Value is { } owner
                    && owner.Split('@')[0] == Rendezvous.OwnerOf(Symbol.Parse(lease.Key), names))
            && await TryAskAsync(
                $"""
                SELECT count(*) = {names.Count} FROM node
                WHERE expires_at > clock_timestamp() AND NOT draining AND name IN ('{string.Join("','", names)}')
                """),
        Patience,
        () => $"symbols where they belong among {string.Join(", ", names)}\n{log()}");

    /// <summary>Waits until none of a node's symbols is its own any more.</summary>
    public Task UntilTakenFromAsync(string name) => UntilAsync(
        $"SELECT count(*) FILTER (WHERE owner LIKE '{name}@%' OR owner IS NULL) = 0 FROM symbol_lease JOIN symbol "
        + "USING (symbol) WHERE state = 'watched'");

    /// <summary>Waits until every watched symbol has a row of a tick after this call.</summary>
    public Task UntilFreshAsync() => UntilAsync(
        $"""
        SELECT bool_and(newest > '{Now()}') FROM (
            SELECT s.symbol, coalesce(max(tick), '-infinity') AS newest FROM symbol s LEFT JOIN feed_row USING (symbol)
            WHERE s.state = 'watched' GROUP BY s.symbol) s
        """);

    /// <summary>Returns the owner of each watched symbol; null for one that is free.</summary>
    public async Task<Dictionary<string, string?>> OwnersAsync()
    {
        await using NpgsqlConnection connection = await ConnectAsync();
        await using NpgsqlCommand command = new(
            "SELECT symbol, owner FROM symbol_lease JOIN symbol USING (symbol) WHERE state = 'watched'", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        Dictionary<string, string?> owners = new(StringComparer.Ordinal);
        while (await reader.ReadAsync())
        {
            owners[reader.GetString(0)] = await reader.IsDBNullAsync(1) ? null : reader.GetString(1);
        }

        return owners;
    }

    /// <summary>The largest distance of two neighbouring ticks of a symbol whose later one came after a time.</summary>
    public Task<TimeSpan> LargestGapAsync(DateTimeOffset since) => AskAsync<TimeSpan>(
        $"""
        SELECT coalesce(max(gap), interval '0') FROM (
            SELECT tick, tick - lag(tick) OVER (PARTITION BY symbol ORDER BY tick) AS gap FROM feed_row) g
        WHERE tick > '{since.UtcDateTime:O}'
        """);

    /// <summary>
    /// Holds what must be true whatever happened: epochs rise with ticks, each row is there once, none differs from one
    /// that was there.
    /// </summary>
    public async Task CheckAsync()
    {
        Assert.Equal(0L, await AskAsync<long>(
            """
            SELECT count(*) FROM (SELECT epoch - lag(epoch) OVER (PARTITION BY symbol ORDER BY tick) AS step FROM feed_row) s WHERE step < 0
            """));
        Assert.Equal(0L, await AskAsync<long>(
            "SELECT count(*) FROM feed_row r JOIN symbol_lease l USING (symbol) WHERE r.epoch > l.epoch"));
        Assert.Equal(
            0L, await AskAsync<long>(
                "SELECT count(*) FROM (SELECT 1 FROM feed_row GROUP BY symbol, tick HAVING count(*) > 1) d"));
        Assert.Equal(0L, await AskAsync<long>("SELECT count(*) FROM row_dead_letter"));
        Assert.Equal("", await AskAsync<string>("SELECT coalesce(string_agg(what, ', '), '') FROM stale_write"));
        Assert.DoesNotContain("is in the database with other values", log(), StringComparison.Ordinal);
    }

    /// <summary>
    /// Folds the journal of each symbol from its first event, whoever wrote it, and holds that the table has these
    /// rows, bit for bit, and no others up to the last of them. Returns how many were compared.
    /// </summary>
    public async Task<int> CheckFoldAsync()
    {
        await using PostgresDatabase database = new(
            new PostgresOptions { ConnectionString = connectionString, StatementTimeout = Patience });
        Symbol[] symbols = [.. (await OwnersAsync()).Keys.Select(static each => Symbol.Parse(each))];
        Damages damages = new();
        IReadOnlyDictionary<Symbol, RecoveredSymbol> folded = await new PostgresJournalReader(database, damages)
            .RecoverAsync(symbols, static _ => 0, CancellationToken.None);
        Assert.Empty(damages.All);
        int compared = 0;
        await using NpgsqlConnection connection = await ConnectAsync();
        foreach ((Symbol symbol, RecoveredSymbol past) in folded)
        {
            TickRows[] rows = [.. past.Rows];
            bool?[] same = await PostgresRows.CompareAsync(connection, rows, CancellationToken.None);
            Assert.DoesNotContain(false, same);
            long last = rows.Zip(same).Where(static each => each.Second is true).Max(
                static each => each.First.Feed.TickTime);
            compared += same.Count(static each => each is true);
            string until = DateTimeOffset.FromUnixTimeMilliseconds(last).ToString("O", CultureInfo.InvariantCulture);
            long there = await AskAsync<long>(
                $"SELECT count(*) FROM feed_row WHERE symbol = '{symbol}' AND tick <= '{until}'");
            Assert.Equal(rows.Count(row => row.Feed.TickTime <= last), there);
        }

        return compared;
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        NpgsqlConnection connection = new(
            connectionString + ";Search Path=feeds;Pooling=false;Timeout=60;Command Timeout=60");
        await connection.OpenAsync();
        return connection;
    }

    private static string Now() =>
        TimeProvider.System.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private async Task<Dictionary<string, string?>?> TryOwnersAsync()
    {
        try
        {
            return await OwnersAsync();
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            return null;
        }
    }

    private async Task<bool> TryAskAsync(string question)
    {
        try
        {
            return await AskAsync<object>(question) is true;
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            // The database is away, or has no tables yet.
            return false;
        }
    }

    private sealed class Damages : IStorageEvents
    {
        public List<string> All { get; } = [];

        public void Damaged(string path, long offset, long bytes, string what) => All.Add(what);

        public void RowConflict(FeedRow row) => All.Add(row.Symbol.Text);

        public void RowBuried(FeedRow row, string reason) => All.Add(reason);
    }
}
