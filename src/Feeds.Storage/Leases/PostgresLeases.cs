using System.Text.RegularExpressions;
using Feeds.Core;
using Feeds.Core.Market;
using Feeds.Storage.Schema;
using Npgsql;

namespace Feeds.Storage.Leases;

/// <summary>
/// Leases with PostgreSQL as the referee. A node's lease is one row that it renews; a symbol's row changes only when
/// the symbol moves. All times are the database's, so the clocks of nodes do not matter.
/// </summary>
public sealed partial class PostgresLeases : ILeases
{
    private readonly Lock _gate = new();
    private readonly PostgresLeasesOptions _options;
    private readonly PostgresDatabase _database;
    private readonly RefereeMemory _memory;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Symbol> _symbols = new(StringComparer.Ordinal);
    private ChangeListener? _listener;
    private volatile bool _joined;

    private PostgresLeases(
        PostgresLeasesOptions options, PostgresDatabase database, RefereeMemory memory, TimeProvider time,
        string nodeId)
    {
        _options = options;
        _database = database;
        _memory = memory;
        _time = time;
        NodeId = nodeId;
    }

    /// <inheritdoc/>
    public string NodeId { get; }

    /// <summary>
    /// The way to the database under this node's name, for what the node writes: its sessions are ended when it is
    /// dead.
    /// </summary>
    public PostgresDatabase Database => _database;

    /// <summary>Brings the schema up to date and numbers this start; joining comes with the first renewal.</summary>
    /// <exception cref="SchemaVersionException">The schema is of a newer program.</exception>
    /// <exception cref="RefereeWentBackException">
    /// The referee is not the one that this node's data folder knows.
    /// </exception>
    /// <exception cref="StorageException">The database cannot be reached.</exception>
    public static async Task<PostgresLeases> OpenAsync(
        PostgresLeasesOptions options, PostgresOptions database, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!NameRule().IsMatch(options.Name))
        {
            throw new FeedsException(
                $"'{options.Name}' cannot name a node: 1 to 40 ASCII letters, digits, '_', '-' and '.' are allowed");
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.LeaseTime, TimeSpan.Zero);
        await using PostgresDatabase first = new(database);
        RefereeMemory memory = RefereeMemory.Open(first.Name, options.MemoryPath);
        SchemaReport report = await SchemaMigrator.MigrateAsync(first, cancellationToken);
        memory.SeeIdentity(report.Identity);
        long start = await first.RunAsync(
            "a node cannot be numbered",
            connection => CountStartAsync(connection, options.Name, cancellationToken),
            cancellationToken);
        memory.SeeStart(start);
        memory.Save();
        string nodeId = $"{options.Name}@{start}";
        PostgresDatabase named = new(database with { ApplicationName = "feeds/" + nodeId });
        return new PostgresLeases(options, named, memory, time, nodeId);
    }

    /// <inheritdoc/>
    public async Task<ClusterView> RenewAsync(CancellationToken cancellationToken)
    {
        if (!_joined)
        {
            await _database.RunAsync(
                "a node cannot join", connection => JoinAsync(connection, cancellationToken), cancellationToken);
            _joined = true;
        }

        return await _database.RunAsync(
            "a lease cannot be renewed", connection => RenewAsync(connection, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SymbolLease>> TakeAsync(
        IReadOnlyCollection<Symbol> symbols, CancellationToken cancellationToken)
    {
        string[] names = [.. symbols.Select(symbol => symbol.Text)];
        return _database.RunAsync(
            "symbols cannot be taken", connection => TakeAsync(connection, names, cancellationToken),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(IReadOnlyCollection<SymbolLease> leases, CancellationToken cancellationToken) =>
        _database.RunAsync(
            "symbols cannot be released",
            connection => RunAsync(
                connection,
                cancellationToken,
                Command(
                    LeaseSql.Release, NodeId, leases.Select(lease => lease.Symbol.Text).ToArray(),
                    leases.Select(lease => lease.Epoch).ToArray()),
                Announce()),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> AddSymbolAsync(Symbol symbol, CancellationToken cancellationToken) =>
        await ChangeAsync(
            "a symbol cannot be added", cancellationToken, Command(LeaseSql.AddSymbol, symbol.Text),
            Command(LeaseSql.AddLease, symbol.Text));

    /// <inheritdoc/>
    public async Task<bool> RemoveSymbolAsync(Symbol symbol, CancellationToken cancellationToken) =>
        await ChangeAsync("a symbol cannot be removed", cancellationToken, Command(LeaseSql.RemoveSymbol, symbol.Text));

    /// <inheritdoc/>
    public async Task<bool> DrainAsync(string nodeId, CancellationToken cancellationToken) =>
        await ChangeAsync("a node cannot be drained", cancellationToken, Command(LeaseSql.Drain, nodeId));

    /// <inheritdoc/>
    public Task LeaveAsync(CancellationToken cancellationToken) =>
        _database.RunAsync(
            "a node cannot leave",
            connection => RunAsync(
                connection, cancellationToken, Command(LeaseSql.ReleaseAll, NodeId), Command(LeaseSql.Leave, NodeId),
                Announce()),
            cancellationToken);

    /// <inheritdoc/>
    public Task WaitForChangeAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _listener ??= new ChangeListener(_database, Channel, NodeId, _time);
            return _listener.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Closes the connections; the lease runs out by itself unless the node has left.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_listener is not null)
        {
            await _listener.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    private string Channel => "feeds_" + Convert.ToHexStringLower(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(_database.Options.Schema))
            .AsSpan(0, 8));

    private static async Task<long> CountStartAsync(
        NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(LeaseSql.CountStart, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<bool> JoinAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(connection, cancellationToken, Command(LeaseSql.LockName, _options.Name));
        await using (NpgsqlBatch batch = Batch(connection, Command(LeaseSql.AliveOfName, _options.Name, NodeId)))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            if (await reader.ReadAsync(cancellationToken))
            {
                throw new NodeAliveException(
                    _database.Name, reader.GetString(0), TimeSpan.FromSeconds(Math.Max(0, reader.GetDouble(1))));
            }
        }

        await RunAsync(
            connection,
            cancellationToken,
            Command(LeaseSql.RemoveOld, _options.Name, NodeId),
            Command(LeaseSql.Join, NodeId, _options.Name, _options.Address, _options.LeaseTime),
            Announce());
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<ClusterView> RenewAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, long> before = Known();
        await using NpgsqlBatch batch = Batch(
            connection,
            Command(LeaseSql.Renew, NodeId, _options.LeaseTime),
            Command(LeaseSql.Referee),
            Command(LeaseSql.Members),
            Command(LeaseSql.Leases));
        RefereeAnswer answer;
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            answer = await RefereeAnswer.ReadAsync(reader, cancellationToken);
        }

        List<SymbolLease> watched = Remember(answer, before);
        return answer.Identity is null ? throw new RefereeWentBackException(_database.Name, "it has lost its identity")
            : answer.IsMember ? new ClusterView(answer.Time, answer.Members, watched)
            : throw new LeaseLostException(_database.Name, NodeId);
    }

    private IReadOnlyDictionary<string, long> Known()
    {
        lock (_gate)
        {
            return _memory.Known();
        }
    }

    private List<SymbolLease> Remember(RefereeAnswer answer, IReadOnlyDictionary<string, long> before)
    {
        lock (_gate)
        {
            if (answer.Identity is { } known)
            {
                _memory.SeeIdentity(known);
            }

            _memory.SeeAll(answer.Leases.Select(lease => lease.Symbol).ToHashSet(StringComparer.Ordinal), before);
            List<SymbolLease> watched = [];
            foreach ((string symbol, string? owner, long epoch, bool isWatched) in answer.Leases)
            {
                _memory.SeeEpoch(symbol, epoch, before);
                if (isWatched)
                {
                    watched.Add(new SymbolLease(SymbolOf(symbol), owner, epoch));
                }
            }

            _memory.Save();
            return watched;
        }
    }

    private async Task<IReadOnlyList<SymbolLease>> TakeAsync(
        NpgsqlConnection connection, string[] names, CancellationToken cancellationToken)
    {
        List<SymbolLease> taken = [];
        await TakeAsync(connection, LeaseSql.Take, names, taken, cancellationToken);
        if (taken.Count < names.Length
            && await AskAsync(connection, Command(LeaseSql.CountFree, NodeId, names), cancellationToken) > 0)
        {
            // Somebody holds what is free: a writer that ends in a moment, or one that froze and never will.
            await AskAsync(connection, Command(LeaseSql.EndSessionsOfDead, NodeId, names), cancellationToken);
            try
            {
                await TakeAsync(connection, LeaseSql.TakeWaiting, names, taken, cancellationToken);
            }
            catch (PostgresException failure) when (SqlFaults.Classify(failure) == SqlFault.Retry && taken.Count > 0)
            {
                // What was taken is taken; the rest is asked for again.
            }
        }

        return taken;
    }

    private async Task TakeAsync(
        NpgsqlConnection connection, string sql, string[] names, List<SymbolLease> taken,
        CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, long> before = Known();
        await using NpgsqlBatch batch = Batch(connection, Command(sql, NodeId, names), Announce());
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        List<(string Symbol, long Epoch)> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add((reader.GetString(0), reader.GetInt64(1)));
        }

        // Only after all results were read is it committed.
        await reader.NextResultAsync(cancellationToken);
        await reader.CloseAsync();
        lock (_gate)
        {
            foreach ((string symbol, long epoch) in rows)
            {
                _memory.SeeEpoch(symbol, epoch, before);
                taken.Add(new SymbolLease(SymbolOf(symbol), NodeId, epoch));
            }

            _memory.Save();
        }
    }

    private async Task<bool> ChangeAsync(
        string doing, CancellationToken cancellationToken, params NpgsqlBatchCommand[] commands) =>
        await _database.RunAsync(
            doing,
            async connection =>
            {
                await RunAsync(connection, cancellationToken, [.. commands, Announce()]);
                return commands[0].RecordsAffected > 0;
            },
            cancellationToken);

    private NpgsqlBatchCommand Announce() => Command(LeaseSql.Notify, Channel, NodeId);

    private Symbol SymbolOf(string text)
    {
        if (!_symbols.TryGetValue(text, out Symbol? symbol))
        {
            symbol = Symbol.Parse(text);
            _symbols.Add(text, symbol);
        }

        return symbol;
    }

    private static async Task<bool> RunAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken, params NpgsqlBatchCommand[] commands)
    {
        await using NpgsqlBatch batch = Batch(connection, commands);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }

    private static async Task<long> AskAsync(
        NpgsqlConnection connection, NpgsqlBatchCommand command, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = Batch(connection, command);
        return (long)(await batch.ExecuteScalarAsync(cancellationToken))!;
    }

    private static NpgsqlBatch Batch(NpgsqlConnection connection, params NpgsqlBatchCommand[] commands)
    {
        NpgsqlBatch batch = new(connection);
        foreach (NpgsqlBatchCommand command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        NpgsqlBatchCommand command = new(sql);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    [GeneratedRegex("^[A-Za-z0-9_.-]{1,40}$")]
    private static partial Regex NameRule();
}
