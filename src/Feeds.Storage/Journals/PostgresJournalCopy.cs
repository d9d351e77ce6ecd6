using Feeds.Core.Market;
using Feeds.Storage.Schema;
using Npgsql;

namespace Feeds.Storage.Journals;

/// <summary>
/// Copies the journal of a cluster out of PostgreSQL into a folder, as a node alone would have written it: whatever
/// reads a folder can then read it. Of each sequence the highest epoch is taken.
/// </summary>
public sealed class PostgresJournalCopy
{
    private const long FlushBytes = 16_000_000;

    // In the order of time, and of each symbol in the order of its events, whatever the clocks of its owners said. An
    // epoch ends where a higher one begins.
    private const string ReadBlocks =
        """
        SELECT symbol, first_sequence, event_count, version, raw_length, checksum, content, ends_before,
            (extract(epoch FROM place) * 1000)::bigint
        FROM (
            SELECT symbol, epoch, first_sequence, event_count, first_time, version, raw_length, checksum, content,
                min(first_sequence) OVER (
                    PARTITION BY symbol ORDER BY epoch RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS ends_before,
                max(first_time) OVER (PARTITION BY symbol ORDER BY epoch, first_sequence) AS place
            FROM journal_block WHERE $1::text[] IS NULL OR symbol = ANY ($1)) b
        WHERE first_time <= to_timestamp($2 / 1000.0) AND first_sequence < coalesce(ends_before, first_sequence + 1)
        ORDER BY place, symbol, epoch, first_sequence
        """;

    private readonly PostgresDatabase _database;
    private readonly IStorageEvents _events;

    /// <summary>Makes the copy of a database's journal; damage is told to <paramref name="events"/>.</summary>
    public PostgresJournalCopy(PostgresDatabase database, IStorageEvents? events = null)
    {
        _database = database;
        _events = events ?? NoStorageEvents.Instance;
    }

    /// <summary>Copies into a folder without a journal; returns how many events.</summary>
    /// <param name="folder">The folder of the copy, made when absent.</param>
    /// <param name="symbols">Which symbols; null for all.</param>
    /// <param name="to">Blocks that begin later (receive time, epoch ms) are left out.</param>
    /// <param name="cancellationToken">Ends it early with an exception; what is there then is a part.</param>
    /// <exception cref="StorageException">The database or the folder cannot be used.</exception>
    /// <exception cref="JournalVersionException">The journal is of a newer program.</exception>
    public async Task<long> RunAsync(
        string folder, IReadOnlyCollection<Symbol>? symbols, long to, CancellationToken cancellationToken)
    {
        BlockClock clock = new();
        using JournalWriter writer = JournalWriter.Open(
            new JournalOptions { Folder = folder, MaxPendingBytes = 100_000_000 }, clock, _events);
        JournalSealer sealer = new(folder, writer, _events);
        Appender appender = new(writer);
        await _database.RunAsync(
            "the journal cannot be read",
            connection => CopyAsync(connection, symbols, to, appender, clock, sealer, cancellationToken),
            cancellationToken);
        writer.Flush();
        return writer.Position;
    }

    private async Task<bool> CopyAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<Symbol>? symbols,
        long to,
        Appender appender,
        BlockClock clock,
        JournalSealer sealer,
        CancellationToken cancellationToken)
    {
        EventBlockReader blocks = new();
        await using NpgsqlCommand command = new(ReadBlocks, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]?>
        {
            TypedValue = symbols is null ? null : [.. symbols.Select(static symbol => symbol.Text)],
        });
        command.Parameters.Add(new NpgsqlParameter<double> { TypedValue = Math.Min(to, 200_000_000_000_000) });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            Symbol symbol = Symbol.Parse(reader.GetString(0));
            long first = reader.GetInt64(1);
            int count = reader.GetInt32(2);
            byte[] content = await reader.GetFieldValueAsync<byte[]>(6, cancellationToken);
            appender.End = await reader.IsDBNullAsync(7, cancellationToken) ? long.MaxValue : reader.GetInt64(7);
            clock.Time = reader.GetInt64(8);
            string damage = $"the block of {symbol} from sequence {first} with {count} events is damaged";
            if (PostgresBlock.Decompress(content, reader.GetInt32(4), reader.GetInt64(5)) is not { } raw)
            {
                _events.Damaged(_database.Name, first, content.Length, damage);
                continue;
            }

            try
            {
                blocks.Read(
                    (ushort)reader.GetInt32(3), raw, new BlockEntry(BlockKind.Events, 0, 0, symbol, first, count, 0, 0),
                    appender);
            }
            catch (JournalFormatException failure)
            {
                _events.Damaged(_database.Name, first, content.Length, $"{damage}: {failure.Message}");
            }

            if (appender.PendingBytes >= FlushBytes)
            {
                appender.Flush();
                while (sealer.SealNext(cancellationToken))
                {
                }
            }
        }

        return true;
    }

    private sealed class Appender(JournalWriter writer) : IJournalVisitor
    {
        private readonly Dictionary<Symbol, SymbolJournal> _symbols = [];

        public long End { get; set; }

        public long PendingBytes => writer.PendingBytes;

        public void Flush() => writer.Flush();

        public long NextSequence(Symbol symbol) => _symbols.TryGetValue(symbol, out SymbolJournal? journal)
            ? journal.LastSequence + 1 : 1;

        public void Visit(Symbol symbol, long sequence, in MarketEvent e)
        {
            if (sequence >= End || sequence < NextSequence(symbol))
            {
                return;
            }

            if (!_symbols.TryGetValue(symbol, out SymbolJournal? journal) || journal.LastSequence != sequence - 1)
            {
                // It begins here, or something is missing: a hole of the copy as well.
                _symbols[symbol] = journal = writer.For(symbol, sequence - 1);
            }

            journal.Append(sequence, e);
        }
    }

    /// <summary>Segments of the copy are as old as what they hold.</summary>
    private sealed class BlockClock : TimeProvider
    {
        public long Time { get; set; }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Time);
    }
}
