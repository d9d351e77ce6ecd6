using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Core.Symbols;
using Feeds.Storage.Schema;
using Npgsql;

namespace Feeds.Storage.Journals;

/// <summary>Reads what a <see cref="PostgresJournal"/> of this or another node has written.</summary>
internal sealed class PostgresJournalReader(PostgresDatabase database, IStorageEvents events)
{
    /// <summary>The version of snapshots.</summary>
    public const int SnapshotVersion = 1;

    // For the rest of the transaction, which ends with the batch.
    private const string SetReadTime = "SELECT set_config('statement_timeout', $1, true)";

    private const string ReadSnapshots =
        """
        SELECT sequence, epoch, raw_length, checksum, content FROM snapshot
        WHERE symbol = $1 AND version = $2 AND last_tick <= to_timestamp($3 / 1000.0)
        ORDER BY epoch DESC, sequence DESC LIMIT 8
        """;

    // An epoch ends where a higher one begins: of one sequence the highest epoch is the past. A block has $3 events at
    // most: what begins that far below the first sequence that is wanted is found by the key; nothing older is read.
    private const string ReadBlocks =
        """
        WITH begun AS MATERIALIZED (
            SELECT epoch, min(first_sequence) AS first_sequence FROM journal_block
            WHERE symbol = $1 AND first_sequence > $2 - $3 GROUP BY epoch)
        SELECT b.first_sequence, b.epoch, b.event_count, b.version, b.raw_length, b.checksum, b.content,
            (SELECT min(h.first_sequence) FROM begun h WHERE h.epoch > b.epoch)
        FROM journal_block b
        WHERE b.symbol = $1 AND b.first_sequence > $2 - $3 AND b.first_sequence + b.event_count > $2
        ORDER BY b.epoch, b.first_sequence
        """;

    // A day is needed while a watched symbol has events in it that no snapshot covers which all its rows have caught up
    // with. Of each symbol the first such block before the day $3 is looked up by the key; the clocks of two owners may
    // differ across midnight, so the day before it stays too.
    private const string ReadOldestNeeded =
        """
        SELECT (min(needed.day) - 1 - date '1970-01-01')::bigint FROM symbol w
        CROSS JOIN LATERAL (
            SELECT coalesce(max(s.sequence), 0) AS sequence FROM snapshot s
            LEFT JOIN unnest($1::text[], $2::bigint[]) AS own (symbol, tick) ON own.symbol = s.symbol
            WHERE s.symbol = w.symbol AND (own.tick IS NULL OR s.last_tick <= to_timestamp(own.tick / 1000.0))) covered
        CROSS JOIN LATERAL (
            SELECT b.day FROM journal_block b
            WHERE b.symbol = w.symbol AND b.day < date '1970-01-01' + $3 AND b.first_sequence > covered.sequence - $4
                AND b.first_sequence + b.event_count - 1 > covered.sequence
            ORDER BY b.first_sequence LIMIT 1) needed
        WHERE w.state = 'watched'
        """;

    // The events of hours, when no snapshot is nearer: not within the time that a write has.
    private static readonly TimeSpan ReadTime = TimeSpan.FromMinutes(30);

    /// <summary>Brings symbols back, each from its newest good snapshot that no sink is behind.</summary>
    public async Task<IReadOnlyDictionary<Symbol, RecoveredSymbol>> RecoverAsync(
        IReadOnlyCollection<Symbol> symbols, Func<Symbol, long> durableTick, CancellationToken cancellationToken) =>
        await database.RunAsync(
            "the journal cannot be read",
            async connection =>
            {
                Dictionary<Symbol, RecoveredSymbol> recovered = [];
                EventBlockReader blocks = new();
                foreach (Symbol symbol in symbols)
                {
                    recovered[symbol] = await RecoverAsync(
                        connection, symbol, durableTick(symbol), blocks, cancellationToken);
                }

                return recovered;
            },
            cancellationToken);

    /// <summary>
    /// Returns the number of the oldest UTC day before a day that a recovery still needs; null when none of them is.
    /// </summary>
    public async Task<long?> OldestNeededDayAsync(
        long before,
        IReadOnlyCollection<Symbol> own,
        Func<Symbol, long> durableTick,
        CancellationToken cancellationToken) =>
        await database.RunAsync(
            "the days of the journal cannot be read",
            async connection =>
            {
                await using NpgsqlCommand command = new(ReadOldestNeeded, connection);
                command.Parameters.Add(
                    new NpgsqlParameter<string[]> { TypedValue = [.. own.Select(symbol => symbol.Text)] });
                command.Parameters.Add(
                    new NpgsqlParameter<long[]> { TypedValue = [.. own.Select(symbol => Known(durableTick(symbol)))] });
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = (int)before });
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = PostgresSymbolJournal.MaxBlockEvents });
                return await command.ExecuteScalarAsync(cancellationToken) as long?;
            },
            cancellationToken);

    private async Task<RecoveredSymbol> RecoverAsync(
        NpgsqlConnection connection, Symbol symbol, long durableTick, EventBlockReader blocks,
        CancellationToken cancellationToken)
    {
        SymbolState state = await LoadAsync(connection, symbol, durableTick, cancellationToken)
            ?? new SymbolState(symbol);
        PostgresFold fold = new(state, durableTick);
        await using NpgsqlBatch batch = new(connection) { Timeout = (int)ReadTime.TotalSeconds };
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SetReadTime)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = $"{(long)ReadTime.TotalMilliseconds}" } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ReadBlocks)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = symbol.Text },
                new NpgsqlParameter<long> { TypedValue = state.Sequence + 1 },
                new NpgsqlParameter<long> { TypedValue = PostgresSymbolJournal.MaxBlockEvents },
            },
        });
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            long first = reader.GetInt64(0);
            int count = reader.GetInt32(2);
            byte[] content = await reader.GetFieldValueAsync<byte[]>(6, cancellationToken);
            fold.End = await reader.IsDBNullAsync(7, cancellationToken) ? long.MaxValue : reader.GetInt64(7);
            if (first >= fold.End)
            {
                continue;
            }

            Read(symbol, first, count, (ushort)reader.GetInt32(3), reader.GetInt32(4), reader.GetInt64(5), content,
                blocks, fold);
        }

        return new RecoveredSymbol(fold.State, fold.Rows);
    }

    private void Read(
        Symbol symbol,
        long first,
        int count,
        ushort version,
        int rawLength,
        long checksum,
        byte[] content,
        EventBlockReader blocks,
        PostgresFold fold)
    {
        string damage = $"the block of {symbol} from sequence {first} with {count} events is damaged";
        if (PostgresBlock.Decompress(content, rawLength, checksum) is not { } raw)
        {
            events.Damaged(database.Name, first, content.Length, damage);
            return;
        }

        try
        {
            blocks.Read(version, raw, new BlockEntry(BlockKind.Events, 0, 0, symbol, first, count, 0, 0), fold);
        }
        catch (JournalFormatException failure)
        {
            events.Damaged(database.Name, first, content.Length, $"{damage}: {failure.Message}");
        }
    }

    private async Task<SymbolState?> LoadAsync(
        NpgsqlConnection connection, Symbol symbol, long durableTick, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(ReadSnapshots, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = symbol.Text });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = SnapshotVersion });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Known(durableTick) });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            long sequence = reader.GetInt64(0);
            byte[] content = await reader.GetFieldValueAsync<byte[]>(4, cancellationToken);
            SymbolState state = new(symbol);
            if (PostgresBlock.Decompress(content, reader.GetInt32(2), reader.GetInt64(3)) is { } raw
                && TryLoad(state, raw) && state.Sequence == sequence)
            {
                return state;
            }

            events.Damaged(
                database.Name, sequence, content.Length, $"the snapshot of {symbol} at {sequence} is passed over");
        }

        return null;
    }

    private static bool TryLoad(SymbolState state, byte[] raw)
    {
        try
        {
            return state.TryLoad(new StateReader(raw));
        }
        catch (StateFormatException)
        {
            return false;
        }
    }

    // Without sinks nothing is behind: as late as the server's calendar goes.
    private static long Known(long tick) => Math.Min(tick, 200_000_000_000_000);
}
