using System.Data;
using Feeds.Core.Market;
using Feeds.Storage.Schema;
using Npgsql;

namespace Feeds.Storage.Leases;

/// <summary>
/// Writes for symbols in transactions whose first statement locks their leases and checks owner and epoch. Every
/// transaction also moves the writer's mark, so that when the answer to a commit is lost the next connection can ask
/// whether it happened. Without leases nothing is fenced. Calls must not overlap.
/// </summary>
internal sealed class FencedWriter
{
    private const int Attempts = 5;

    private const string Mark =
        "UPDATE write_mark SET batch = $2, written_at = clock_timestamp() WHERE writer = $1 AND batch = $3";

    // Committed by itself before the first write: a mark that is only being inserted could not be waited for. Marks of
    // nodes that are gone go with time; a member that has written nothing for long still needs its own.
    private const string MakeMark =
        """
        WITH old AS (
            DELETE FROM write_mark m WHERE m.written_at < clock_timestamp() - interval '30 days'
                AND NOT EXISTS (SELECT FROM node n WHERE starts_with(m.writer, n.node_id || '/')))
        INSERT INTO write_mark (writer, batch) VALUES ($1, 0) ON CONFLICT DO NOTHING
        """;

    // Waits for a transaction of the lost connection that is still there; after this it cannot commit any more unseen.
    private const string ReadMark = "SELECT batch FROM write_mark WHERE writer = $1 FOR UPDATE";

    private readonly PostgresDatabase _database;
    private readonly HeldLeases? _held;
    private readonly string _owner;
    private readonly string _writer;
    private bool _hasMark;
    private long _batch;
    private Action? _unknown;

    /// <summary>Makes a writer.</summary>
    /// <param name="database">Where to.</param>
    /// <param name="held">The leases of this node; null when there is no cluster.</param>
    /// <param name="owner">The node's id.</param>
    /// <param name="writer">What is written, such as <c>rows</c>: owner and this are together unique for ever.</param>
    public FencedWriter(PostgresDatabase database, HeldLeases? held, string owner, string writer)
    {
        _database = database;
        _held = held;
        _owner = owner;
        _writer = $"{owner}/{writer}";
    }

    /// <summary>How leases are checked; for tests alone.</summary>
    internal FenceMode Mode { get; set; }

    /// <summary>Called inside the transaction after the fence; for tests alone.</summary>
    internal Func<Task>? AfterFence { get; set; }

    /// <summary>The node.</summary>
    public string Owner => _owner;

    /// <summary>Transactions that were known to be committed.</summary>
    public long Batches => _batch;

    /// <summary>Commits whose answer was lost and which were found to have happened.</summary>
    public long LostAnswers { get; private set; }

    /// <summary>
    /// Writes in one transaction. Leases that the referee does not confirm are left out, counted and told to
    /// <see cref="HeldLeases"/>.
    /// </summary>
    /// <param name="doing">What is being done, for a failure's message.</param>
    /// <param name="leases">The leases to be checked; none without a cluster.</param>
    /// <param name="prepare">
    /// Work that needs no connection, done while the referee looks at the leases; may be called again.
    /// </param>
    /// <param name="write">
    /// Writes for all symbols but those that were refused, which it is given; may be called again after a collision.
    /// </param>
    /// <param name="committed">
    /// Called once it is known to be committed: before this returns or, when the answer was lost and the database away,
    /// by the next call.
    /// </param>
    /// <param name="cancellationToken">Ends it; what was written may be committed, and the next call finds out.</param>
    /// <exception cref="DatabaseException">It cannot be written just now.</exception>
    /// <exception cref="RefereeWentBackException">The database has forgotten an earlier write.</exception>
    public async Task WriteAsync(
        string doing,
        IReadOnlyCollection<SymbolLease> leases,
        Action? prepare,
        Func<NpgsqlConnection, IReadOnlySet<Symbol>, Task> write,
        Action committed,
        CancellationToken cancellationToken)
    {
        await SettleAsync(doing, cancellationToken);
        HashSet<Symbol> refused = [];
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                if (await TryWriteAsync(leases, refused, prepare, write, committed, cancellationToken))
                {
                    return;
                }

                // The answer to the commit was lost: did it happen?
                if (await SettleAsync(doing, cancellationToken))
                {
                    return;
                }
            }
            catch (Exception failure) when (SqlFaults.IsFault(failure))
            {
                cancellationToken.ThrowIfCancellationRequested();
                SqlFault fault = SqlFaults.Classify(failure);
                if (fault is SqlFault.Value or SqlFault.Duplicate)
                {
                    throw;
                }

                if (fault != SqlFault.Retry || attempt == Attempts)
                {
                    throw _database.Failure(doing, failure);
                }
            }
        }
    }

    /// <summary>Finds out about a commit whose answer was lost; true when there was one and it happened.</summary>
    public async Task<bool> SettleAsync(string doing, CancellationToken cancellationToken)
    {
        if (_unknown is not { } committed)
        {
            return false;
        }

        long? mark = await _database.RunAsync(
            doing + ": whether the last write happened is not known",
            connection => ReadMarkAsync(connection, cancellationToken),
            cancellationToken);
        _unknown = null;
        if (mark == _batch + 1)
        {
            _batch++;
            LostAnswers++;
            committed();
            return true;
        }

        return mark == _batch ? false : throw WentBack(mark);
    }

    // False when nobody knows whether it was committed.
    private async Task<bool> TryWriteAsync(
        IReadOnlyCollection<SymbolLease> leases,
        HashSet<Symbol> refused,
        Action? prepare,
        Func<NpgsqlConnection, IReadOnlySet<Symbol>, Task> write,
        Action committed,
        CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await _database.ConnectAsync(cancellationToken);
        if (!_hasMark)
        {
            await MakeMarkAsync(connection, cancellationToken);
        }

        await using NpgsqlTransaction transaction =
            await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        foreach (SymbolLease lease in await FenceAsync(connection, leases, prepare, cancellationToken))
        {
            if (refused.Add(lease.Symbol))
            {
                _held?.Refused(lease);
            }
        }

        if (leases.Count > 0 && refused.Count == leases.Count)
        {
            return true;
        }

        if (AfterFence is { } pause)
        {
            await pause();
        }

        await write(connection, refused);
        return await CommitAsync(transaction, committed, cancellationToken);
    }

    private async Task<bool> CommitAsync(
        NpgsqlTransaction transaction, Action committed, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception failure) when (SqlFaults.IsFault(failure)
            && failure is not PostgresException { SqlState: "40001" or "40P01" })
        {
            _unknown = committed;
            return false;
        }

        _batch++;
        committed();
        return true;
    }

    // Returns the leases that the referee does not confirm. BEGIN, fence and mark are one round trip, prepared once for
    // each session.
    private async Task<IReadOnlyList<SymbolLease>> FenceAsync(
        NpgsqlConnection connection, IReadOnlyCollection<SymbolLease> leases, Action? prepare,
        CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = new(connection);
        bool isFenced = leases.Count > 0 && Mode != FenceMode.Off;
        if (isFenced)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(FenceSql)
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = _owner } },
            });
        }

        NpgsqlBatchCommand mark = new(Mark)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = _writer },
                new NpgsqlParameter<long> { TypedValue = _batch + 1 },
                new NpgsqlParameter<long> { TypedValue = _batch },
            },
        };
        batch.BatchCommands.Add(mark);
        await batch.PrepareAsync(cancellationToken);
        Task<NpgsqlDataReader> asked = batch.ExecuteReaderAsync(cancellationToken);
        try
        {
            prepare?.Invoke();
        }
        catch
        {
            // The connection is not given back in the middle of a question.
            await (await asked).DisposeAsync();
            throw;
        }

        Dictionary<string, long> locked = new(leases.Count, StringComparer.Ordinal);
        await using (NpgsqlDataReader reader = await asked)
        {
            while (isFenced && await reader.ReadAsync(cancellationToken))
            {
                locked.Add(reader.GetString(0), reader.GetInt64(1));
            }
        }

        if (mark.RecordsAffected != 1)
        {
            throw WentBack(await ReadMarkAsync(connection, cancellationToken));
        }

        return isFenced
            ? [.. leases.Where(lease => !locked.TryGetValue(lease.Symbol.Text, out long epoch) || epoch != lease.Epoch)]
            : [];
    }

    // Without the lock a symbol can be taken between check and commit, and the row of a writer that was slow comes
    // after it. All leases of the node are locked, and their epochs compared here: a tick writes nearly all of them,
    // and the server needs twice as long to match pairs as to lock rows.
    private string FenceSql =>
        "SELECT l.symbol, l.epoch FROM symbol_lease l WHERE l.owner = $1 ORDER BY l.symbol"
        + (Mode == FenceMode.NoLock ? "" : " FOR SHARE");

    private async Task MakeMarkAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(MakeMark, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _writer });
        await command.ExecuteNonQueryAsync(cancellationToken);
        _hasMark = true;
    }

    private async Task<long?> ReadMarkAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(ReadMark, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _writer });
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    private RefereeWentBackException WentBack(long? mark) =>
        new(_database.Name, $"the last write of {_writer} that it confirmed was {_batch}, now it knows {mark ?? 0}");
}
