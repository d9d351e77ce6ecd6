using System.Collections.Concurrent;
using Feeds.Core.Market;
using Feeds.Storage.Leases;
using Feeds.Storage.Schema;
using Npgsql;

namespace Feeds.Storage.Journals;

/// <summary>
/// The journal of a member of a cluster: blocks of each symbol's events as rows, all symbols in one fenced transaction
/// for each flush, so that whoever owns a symbol next can read its past. While the database is away events wait in
/// memory up to a bound. Every book is journaled, as rows are the fold of the journal.
/// </summary>
public sealed class PostgresJournal : IJournal
{
    private const string Doing = "the journal cannot be written";
    private const long MaxTransactionBytes = 16 << 20;

    private const string CopyBlocks =
        """
        COPY journal_block (day, symbol, first_sequence, epoch, event_count, first_time, last_time, version, raw_length, checksum,
            content) FROM STDIN (FORMAT binary)
        """;

    private const string CopySnapshots =
        """
        COPY snapshot (symbol, sequence, epoch, last_tick, version, raw_length, checksum, content) FROM STDIN (FORMAT binary)
        """;

    private const string TrimSnapshots =
        """
        DELETE FROM snapshot s USING (
            SELECT symbol, sequence, epoch, row_number() OVER (PARTITION BY symbol ORDER BY sequence DESC, epoch DESC) AS place
            FROM snapshot WHERE symbol = ANY ($1)) o
        WHERE s.symbol = o.symbol AND s.sequence = o.sequence AND s.epoch = o.epoch AND o.place > $2
        """;

    private readonly PostgresJournalOptions _options;
    private readonly PostgresDatabase _database;
    private readonly HeldLeases _held;
    private readonly TimeProvider _time;
    private readonly FencedWriter _writer;
    private readonly PostgresJournalReader _reader;
    private readonly DayPartitions _days = new("journal_block");
    private readonly SemaphoreSlim _gate = new(1);
    private readonly ConcurrentDictionary<Symbol, PostgresSymbolJournal> _symbols = new();
    private readonly ConcurrentBag<PostgresSymbolJournal> _replaced = [];
    private readonly CopyBuffer _buffer = new();
    private readonly List<PostgresBlock> _waiting = [];
    private readonly string _owner;
    private long _position;
    private long _pending;
    private long _bytesWritten;

    /// <summary>Makes the journal of a member; its schema is up to date, as opening the leases saw to.</summary>
    public PostgresJournal(
        PostgresJournalOptions options, PostgresLeases leases, HeldLeases held, TimeProvider time,
        IStorageEvents? events = null)
    {
        _options = options;
        _database = leases.Database;
        _owner = leases.NodeId;
        _held = held;
        _time = time;
        _writer = new FencedWriter(_database, held, leases.NodeId, "journal");
        _reader = new PostgresJournalReader(_database, events ?? NoStorageEvents.Instance);
    }

    /// <inheritdoc/>
    public long Position => Volatile.Read(ref _position);

    /// <inheritdoc/>
    public long BytesWritten => Volatile.Read(ref _bytesWritten);

    /// <inheritdoc/>
    public bool HasRoom => Volatile.Read(ref _pending) < _options.MaxPendingBytes / 4 * 3;

    /// <inheritdoc/>
    public long PendingBytes => Volatile.Read(ref _pending);

    /// <summary>Events that were thrown away because their symbol is not, or no longer, this node's.</summary>
    public long EventsFenced { get; private set; }

    internal FencedWriter Writer => _writer;

    /// <summary>True when a good part of the room is taken: the database has been away for some time.</summary>
    internal bool IsScarce => Volatile.Read(ref _pending) > _options.MaxPendingBytes / 4;

    /// <inheritdoc/>
    public ISymbolJournal For(Symbol symbol, long lastSequence)
    {
        PostgresSymbolJournal journal = new(this, new SymbolLease(symbol, _owner, _held.EpochOf(symbol)), lastSequence);
        if (_symbols.TryGetValue(symbol, out PostgresSymbolJournal? old))
        {
            // What it still has goes with the next flush, if the lease it was made under allows.
            _replaced.Add(old);
        }

        _symbols[symbol] = journal;
        return journal;
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await _writer.SettleAsync(Doing, cancellationToken);
            Collect();
            while (_waiting.Count > 0)
            {
                await WriteSomeAsync(cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<Symbol, RecoveredSymbol>> RecoverAsync(
        IReadOnlyCollection<Symbol> symbols, Func<Symbol, long> durableTick, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        return await _reader.RecoverAsync(symbols, durableTick, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask KeepAsync(
        long position, IReadOnlyList<SymbolSnapshot> states, CancellationToken cancellationToken)
    {
        // A snapshot must not be ahead of the events it stands on.
        await FlushAsync(cancellationToken);
        foreach (SymbolSnapshot[] some in states.Chunk(64))
        {
            await _gate.WaitAsync(cancellationToken);
            try
            {
                await KeepSomeAsync([.. some.Where(state => EpochOf(state.Symbol) > 0)], cancellationToken);
            }
            finally
            {
                _gate.Release();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask TendAsync(Func<Symbol, long> durableTick, CancellationToken cancellationToken)
    {
        long keepFrom = DayPartitions.DayOf((_time.GetUtcNow() - _options.KeepAge).ToUnixTimeMilliseconds());
        Symbol[] own = [.. _symbols.Keys];
        long? needed = await _reader.OldestNeededDayAsync(keepFrom, own, durableTick, cancellationToken);
        await _days.DropBeforeAsync(_database, Math.Min(keepFrom, needed ?? keepFrom), cancellationToken);
    }

    /// <summary>Flushes what waits, if the database takes it.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await FlushAsync(CancellationToken.None);
        }
        catch (StorageException)
        {
            // What is not durable was never called so; whoever owns the symbols next marks the gap.
        }

        _gate.Dispose();
    }

    /// <summary>Takes room for an event; returns its position.</summary>
    /// <exception cref="StorageException">Too much waits.</exception>
    internal long Take(long length)
    {
        if (Interlocked.Add(ref _pending, length) > _options.MaxPendingBytes)
        {
            Interlocked.Add(ref _pending, -length);
            throw new DatabaseException(
                _database.Name,
                $"{_database.Name}: {_options.MaxPendingBytes} bytes of events wait for it; no more are taken", false);
        }

        return Interlocked.Increment(ref _position);
    }

    /// <summary>Events that waited as they came wait as a block from now on.</summary>
    internal void Sealed(long events, long block) => Interlocked.Add(ref _pending, block - events);

    private long EpochOf(Symbol symbol) =>
        _symbols.TryGetValue(symbol, out PostgresSymbolJournal? journal) && journal.Lease.Epoch == _held.EpochOf(symbol)
            ? journal.Lease.Epoch
            : 0;

    private void Collect()
    {
        while (_replaced.TryTake(out PostgresSymbolJournal? old))
        {
            old.MoveTo(_waiting);
        }

        foreach (PostgresSymbolJournal symbol in _symbols.Values)
        {
            symbol.MoveTo(_waiting);
        }

        // Nothing is written under a lease that is not held any more, whatever the referee would say.
        Remove([.. _waiting.Where(block => !_held.Holds(block.Lease) || block.Lease.Epoch == 0)], isWritten: false);
    }

    private async Task WriteSomeAsync(CancellationToken cancellationToken)
    {
        List<PostgresBlock> blocks = [];
        long bytes = 0;
        foreach (PostgresBlock block in _waiting.TakeWhile(block => bytes < MaxTransactionBytes))
        {
            blocks.Add(block);
            bytes += block.Content.Length;
        }

        await _days.EnsureAsync(
            _database, [.. blocks.Select(block => DayPartitions.DayOf(block.LastTime)).Distinct()], cancellationToken);
        PostgresBlock[] written = [];
        await _writer.WriteAsync(
            Doing,
            [.. blocks.Select(block => block.Lease).Distinct()],
            prepare: null,
            async (connection, refused) =>
            {
                written = [.. blocks.Where(block => !refused.Contains(block.Lease.Symbol))];
                Fill(written);
                await _buffer.SendAsync(connection, CopyBlocks, cancellationToken);
            },
            () => Remove(written, isWritten: true),
            cancellationToken);
        Remove([.. _waiting.Where(block => !_held.Holds(block.Lease))], isWritten: false);
    }

    private void Fill(IEnumerable<PostgresBlock> blocks)
    {
        _buffer.Begin();
        foreach (PostgresBlock block in blocks)
        {
            _buffer.Row(11);
            _buffer.Date(block.LastTime);
            _buffer.Text(block.Lease.Symbol.Text);
            _buffer.Int64(block.FirstSequence);
            _buffer.Int64(block.Lease.Epoch);
            _buffer.Int32(block.Count);
            _buffer.Time(block.FirstTime);
            _buffer.Time(block.LastTime);
            _buffer.Int32(EventBlockWriter.Version);
            _buffer.Int32(block.RawLength);
            _buffer.Int64(Checksum.Of(block.Content));
            _buffer.Bytes(block.Content);
        }

        _buffer.End();
    }

    private void Remove(PostgresBlock[] blocks, bool isWritten)
    {
        if (blocks.Length == 0)
        {
            return;
        }

        HashSet<PostgresBlock> gone = new(blocks, ReferenceEqualityComparer.Instance);
        _waiting.RemoveAll(gone.Contains);
        Interlocked.Add(ref _pending, -blocks.Sum(block => block.Weight));
        if (isWritten)
        {
            Interlocked.Add(ref _bytesWritten, blocks.Sum(block => (long)block.Content.Length));
        }
        else
        {
            EventsFenced += blocks.Sum(block => (long)block.Count);
        }
    }

    private async Task KeepSomeAsync(IReadOnlyList<SymbolSnapshot> states, CancellationToken cancellationToken)
    {
        SymbolLease[] leases = [.. states.Select(
            state => new SymbolLease(state.Symbol, _owner, EpochOf(state.Symbol)))];
        if (leases.Length == 0)
        {
            return;
        }

        await _writer.WriteAsync(
            "a snapshot cannot be written",
            leases,
            prepare: null,
            async (connection, refused) =>
            {
                (SymbolSnapshot State, SymbolLease Lease)[] kept =
                    [.. states.Zip(leases).Where(each => !refused.Contains(each.First.Symbol))];
                Fill(kept);
                await _buffer.SendAsync(connection, CopySnapshots, cancellationToken);
                await using NpgsqlCommand trim = new(TrimSnapshots, connection);
                string[] names = [.. kept.Select(static each => each.State.Symbol.Text)];
                trim.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = names });
                trim.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _options.KeepSnapshots });
                await trim.ExecuteNonQueryAsync(cancellationToken);
            },
            static () => { },
            cancellationToken);
    }

    private void Fill(IEnumerable<(SymbolSnapshot State, SymbolLease Lease)> states)
    {
        _buffer.Begin();
        foreach ((SymbolSnapshot state, SymbolLease lease) in states)
        {
            byte[] content = PostgresBlock.Compress(state.State.Span);
            _buffer.Row(8);
            _buffer.Text(state.Symbol.Text);
            _buffer.Int64(state.Sequence);
            _buffer.Int64(lease.Epoch);
            _buffer.Time(state.LastTickTime);
            _buffer.Int32(PostgresJournalReader.SnapshotVersion);
            _buffer.Int32(state.State.Length);
            _buffer.Int64(Checksum.Of(content));
            _buffer.Bytes(content);
        }

        _buffer.End();
    }
}
