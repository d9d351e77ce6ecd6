using System.Buffers;
using System.Collections.Concurrent;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage.Leases;
using Feeds.Storage.Schema;
using Npgsql;

namespace Feeds.Storage.Sinks;

/// <summary>
/// Rows in PostgreSQL: the 12 columns in <c>feed_row</c> and the golden vector in <c>feature_row</c>, one transaction
/// for all rows of a call, fenced by their leases in a cluster. (symbol, tick) is the key of both. A row that is there
/// already is compared, bit for bit: the same one is passed over, another one is refused and counted, and never written
/// over.
/// </summary>
public sealed class PostgresRowSink : IRowSink
{
    private const string Doing = "rows cannot be written";
    private const int MaxTransactionRows = 6_000;

    private const string BuryRow =
        """
        INSERT INTO row_dead_letter (symbol, tick, epoch, reason, feed_row) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
        """;

    private readonly PostgresDatabase _database;
    private readonly HeldLeases? _held;
    private readonly IStorageEvents _events;
    private readonly PostgresRows _rows = new();
    private readonly DayPartitions _feedDays = new("feed_row");
    private readonly DayPartitions _featureDays = new("feature_row");
    private readonly ConcurrentDictionary<Symbol, long> _durable = new();
    private readonly SemaphoreSlim _gate = new(1);
    private long _rowsWritten;

    private PostgresRowSink(PostgresDatabase database, HeldLeases? held, string owner, IStorageEvents events)
    {
        _database = database;
        _held = held;
        _events = events;
        Writer = new FencedWriter(database, held, owner, "rows");
    }

    /// <inheritdoc/>
    public string Name => "postgres";

    /// <summary>Rows written since the start.</summary>
    public long RowsWritten => Volatile.Read(ref _rowsWritten);

    /// <summary>Rows that were there already, the same, and were passed over.</summary>
    public long RowsHeld { get; private set; }

    /// <summary>
    /// Rows that were there already with other values: what is there stands. Must be 0; above it a fold is not what it
    /// should be.
    /// </summary>
    public long RowsConflictDiffer { get; private set; }

    /// <summary>Rows that were left out because their symbol is not, or no longer, this node's.</summary>
    public long RowsFenced { get; private set; }

    /// <summary>Rows that the database cannot store; they lie in <c>row_dead_letter</c> with the reason.</summary>
    public long RowsDead { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, long> NotWritten => new Dictionary<string, long>
    {
        ["held"] = RowsHeld,
        ["conflict"] = RowsConflictDiffer,
        ["fenced"] = RowsFenced,
        ["dead"] = RowsDead,
    };

    internal FencedWriter Writer { get; }

    /// <summary>
    /// Brings the schema up to date and reads how far each symbol's rows go, for a node without a cluster.
    /// </summary>
    /// <exception cref="StorageException">The database cannot be used, or it is a cluster's.</exception>
    public static async Task<PostgresRowSink> OpenAsync(
        PostgresDatabase database, IStorageEvents? events, CancellationToken cancellationToken)
    {
        await SchemaMigrator.MigrateAsync(database, cancellationToken);
        if (await PostgresTicks.AreOfClusterAsync(database, cancellationToken))
        {
            throw new DatabaseException(
                database.Name,
                $"{database.Name}: is a cluster's; whoever is no member of it has no epoch under which its rows could be "
                + "told from others: name another database, or set cluster.enabled",
                isForPerson: true);
        }

        // A writer's name is unique for ever; a node alone has no number of its start.
        return await OpenAsync(database, null, "alone-" + Guid.NewGuid().ToString("N"), events, cancellationToken);
    }

    /// <summary>
    /// As <see cref="OpenAsync(PostgresDatabase, IStorageEvents, CancellationToken)"/>, for a member of a cluster.
    /// </summary>
    public static Task<PostgresRowSink> OpenAsync(
        PostgresLeases leases, HeldLeases held, IStorageEvents? events, CancellationToken cancellationToken) =>
        OpenAsync(leases.Database, held, leases.NodeId, events, cancellationToken);

    /// <inheritdoc/>
    public long DurableTick(Symbol symbol) => _durable.GetValueOrDefault(symbol);

    /// <summary>Reads again how far the rows of symbols go: another node may have written them until now.</summary>
    public async Task RefreshAsync(IReadOnlyCollection<Symbol> symbols, CancellationToken cancellationToken)
    {
        // Symbols come while rows of others are written: the writer's question about a lost answer is asked by one.
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await Writer.SettleAsync(Doing, cancellationToken);
            foreach ((string text, long tick) in await PostgresTicks.ReadAsync(_database, symbols, cancellationToken))
            {
                _durable[Symbol.Parse(text)] = tick;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(IReadOnlyList<TickRows> rows, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await WriteAllAsync(rows, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Nothing else is held; the database belongs to whoever opened it.</summary>
    public ValueTask DisposeAsync()
    {
        _gate.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task WriteAllAsync(IReadOnlyList<TickRows> rows, CancellationToken cancellationToken)
    {
        await Writer.SettleAsync(Doing, cancellationToken);
        List<(TickRows Row, long Epoch)> fresh = new(rows.Count);
        List<(TickRows Row, long Epoch)> doubtful = [];
        Dictionary<Symbol, long> newest = [];
        foreach (TickRows row in rows)
        {
            Symbol symbol = row.Feed.Symbol;
            long epoch = _held?.EpochOf(symbol) ?? 0;
            if (_held is not null && epoch == 0)
            {
                RowsFenced++;
                continue;
            }

            long last = newest.TryGetValue(symbol, out long tick) ? tick : DurableTick(symbol);
            bool isFresh = row.Feed.TickTime > last;
            (isFresh ? fresh : doubtful).Add((row, epoch));
            newest[symbol] = isFresh ? row.Feed.TickTime : last;
        }

        // After the database was away they may be many: each transaction has to end within the time limit of a
        // statement.
        foreach ((TickRows Row, long Epoch)[] some in fresh.Chunk(MaxTransactionRows))
        {
            await WriteAsync(some, cancellationToken);
        }

        foreach ((TickRows Row, long Epoch)[] some in doubtful.Chunk(MaxTransactionRows))
        {
            await WriteAsync(await WithoutHeldAsync(some, cancellationToken), cancellationToken);
        }
    }

    private static async Task<PostgresRowSink> OpenAsync(
        PostgresDatabase database, HeldLeases? held, string owner, IStorageEvents? events,
        CancellationToken cancellationToken)
    {
        PostgresRowSink sink = new(database, held, owner, events ?? NoStorageEvents.Instance);
        foreach ((string text, long tick) in await PostgresTicks.ReadAsync(database, null, cancellationToken))
        {
            if (Symbol.TryParse(text, out Symbol? symbol))
            {
                sink._durable[symbol] = tick;
            }
        }

        return sink;
    }

    private async Task WriteAsync(
        IReadOnlyList<(TickRows Row, long Epoch)> rows, CancellationToken cancellationToken, bool daysAreNew = false)
    {
        if (rows.Count == 0)
        {
            return;
        }

        try
        {
            await SendAsync(rows, cancellationToken);
        }
        catch (PostgresException failure) when (SqlFaults.Classify(failure) == SqlFault.Duplicate)
        {
            IReadOnlyList<(TickRows Row, long Epoch)> rest = await WithoutHeldAsync(rows, cancellationToken);
            if (rest.Count < rows.Count)
            {
                await WriteAsync(rest, cancellationToken);
                return;
            }

            await BisectAsync(rows, failure, cancellationToken);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.CheckViolation && !daysAreNew)
        {
            // No partition for a row: another has dropped its day.
            _feedDays.Forget();
            _featureDays.Forget();
            await WriteAsync(rows, cancellationToken, daysAreNew: true);
        }
        catch (PostgresException failure)
        {
            await BisectAsync(rows, failure, cancellationToken);
        }
    }

    private async Task SendAsync(IReadOnlyList<(TickRows Row, long Epoch)> rows, CancellationToken cancellationToken)
    {
        long[] days = [.. rows.Select(row => DayPartitions.DayOf(row.Row.Feed.TickTime)).Distinct()];
        await _feedDays.EnsureAsync(_database, days, cancellationToken);
        await _featureDays.EnsureAsync(_database, days, cancellationToken);
        IReadOnlyList<(TickRows Row, long Epoch)> sent = [];
        await Writer.WriteAsync(
            Doing,
            LeasesOf(rows),
            () => _rows.Fill(rows),
            async (connection, refused) =>
            {
                sent = rows;
                if (refused.Count > 0)
                {
                    sent = [.. rows.Where(row => !refused.Contains(row.Row.Feed.Symbol))];
                    _rows.Fill(sent);
                }

                await _rows.SendAsync(connection, cancellationToken);
            },
            () => Note(sent),
            cancellationToken);
        RowsFenced += rows.Count - sent.Count;
    }

    private SymbolLease[] LeasesOf(IReadOnlyList<(TickRows Row, long Epoch)> rows) =>
        _held is null
            ? []
            : [.. rows.Select(row => new SymbolLease(row.Row.Feed.Symbol, Writer.Owner, row.Epoch)).Distinct()];

    private void Note(IReadOnlyList<(TickRows Row, long Epoch)> rows)
    {
        foreach ((TickRows row, _) in rows)
        {
            NoteTick(row.Feed);
        }

        Interlocked.Add(ref _rowsWritten, rows.Count);
    }

    private void NoteTick(FeedRow row)
    {
        if (row.TickTime > DurableTick(row.Symbol))
        {
            _durable[row.Symbol] = row.TickTime;
        }
    }

    // The key says that a row is there; whether it is the same row, only its values say.
    private async Task<IReadOnlyList<(TickRows Row, long Epoch)>> WithoutHeldAsync(
        IReadOnlyList<(TickRows Row, long Epoch)> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return rows;
        }

        bool?[] same = await _database.RunAsync(
            "rows cannot be compared",
            connection => PostgresRows.CompareAsync(connection, [.. rows.Select(row => row.Row)], cancellationToken),
            cancellationToken);
        List<(TickRows Row, long Epoch)> rest = [];
        for (int i = 0; i < rows.Count; i++)
        {
            switch (same[i])
            {
                case null:
                    rest.Add(rows[i]);
                    continue;
                case true:
                    RowsHeld++;
                    break;
                default:
                    RowsConflictDiffer++;
                    _events.RowConflict(rows[i].Row.Feed);
                    break;
            }

            NoteTick(rows[i].Row.Feed);
        }

        return rest;
    }

    private async Task BisectAsync(
        IReadOnlyList<(TickRows Row, long Epoch)> rows, PostgresException failure, CancellationToken cancellationToken)
    {
        if (rows.Count == 1)
        {
            await BuryAsync(rows[0].Row.Feed, rows[0].Epoch, SqlFaults.Describe(failure), cancellationToken);
            return;
        }

        int half = rows.Count / 2;
        await WriteAsync([.. rows.Take(half)], cancellationToken);
        await WriteAsync([.. rows.Skip(half)], cancellationToken);
    }

    private async Task BuryAsync(FeedRow row, long epoch, string reason, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> line = new();
        FeedRowCsv.Write(row, line);
        await Writer.WriteAsync(
            Doing,
            _held is null ? [] : [new SymbolLease(row.Symbol, Writer.Owner, epoch)],
            prepare: null,
            async (connection, _) =>
            {
                await using NpgsqlCommand command = new(BuryRow, connection);
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Symbol.Text });
                command.Parameters.Add(new NpgsqlParameter<DateTime>
                {
                    TypedValue = DateTimeOffset.FromUnixTimeMilliseconds(row.TickTime).UtcDateTime,
                });
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = reason });
                command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = line.WrittenSpan.ToArray() });
                await command.ExecuteNonQueryAsync(cancellationToken);
            },
            () =>
            {
                RowsDead++;
                NoteTick(row);
                _events.RowBuried(row, reason);
            },
            cancellationToken);
    }
}
