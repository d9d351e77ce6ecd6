using Feeds.Storage.Schema;
using Npgsql;

namespace Feeds.Storage.Budgets;

/// <summary>
/// One account of requests for all nodes behind one address, in PostgreSQL: a node reserves a piece of a budget at a
/// time and spends it without asking, so that a reservation serves many requests. While the database is away each node
/// keeps to its equal share. Holds that the exchange imposed on one node are told to all. Safe from any thread.
/// </summary>
public sealed class RequestLedger : IAsyncDisposable
{
    private const long MinuteMs = 60_000;
    private const int Pieces = 20;

    // One node at a time for an address and a budget: what is granted is what nobody else was granted.
    private const string Lock = "SELECT pg_advisory_xact_lock(hashtext($1), $2)";

    private const string Reserve =
        """
        WITH used AS (
            SELECT coalesce(sum(u.used), 0)::integer AS amount FROM request_use u
            WHERE u.address = $1 AND u.pool = $2 AND u.slot > $3 - $4 AND u.slot <= $3),
        granted AS (SELECT CASE WHEN amount + $5 > $7 THEN 0 ELSE least($6, $7 - amount) END AS amount FROM used),
        old AS (DELETE FROM request_use WHERE address = $1 AND pool = $2 AND slot < $3 - 60)
        INSERT INTO request_use AS r (address, pool, slot, used)
        SELECT $1, $2, $3, amount FROM granted
        ON CONFLICT (address, pool, slot) DO UPDATE SET used = r.used + excluded.used
        RETURNING (SELECT amount FROM granted)
        """;

    private const string ReadHold =
        """
        SELECT reason, (extract(epoch FROM ends_at - clock_timestamp()) * 1000)::bigint FROM request_hold
        WHERE address = $1 AND ends_at > clock_timestamp()
        """;

    private const string WriteHold =
        """
        INSERT INTO request_hold AS h (address, reason, ends_at) VALUES ($1, $2, clock_timestamp() + $3)
        ON CONFLICT (address) DO UPDATE SET reason = excluded.reason, ends_at = excluded.ends_at WHERE excluded.ends_at > h.ends_at
        """;

    private static readonly TimeSpan AwayFor = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly PostgresDatabase _database;
    private readonly string _address;
    private readonly TimeProvider _time;
    private readonly Account[] _accounts;
    private long? _awaySince;
    private int _nodes = 1;

    /// <summary>Makes the account of an address.</summary>
    /// <param name="database">Where it is kept.</param>
    /// <param name="address">
    /// What the exchange counts by, such as the address that it sees; the same text on all nodes behind it.
    /// </param>
    /// <param name="time">How long the database counts as away after a failure.</param>
    /// <param name="windows">
    /// For each budget, how many minutes count together, the running one included: 1 for a clock minute.
    /// </param>
    public RequestLedger(PostgresDatabase database, string address, TimeProvider time, IReadOnlyList<int> windows)
    {
        _database = database;
        _address = address;
        _time = time;
        _accounts = [.. windows.Select((window, pool) => new Account(pool, window))];
    }

    /// <summary>
    /// Called with a hold that another node or this one told of: its reason, and how long it still lasts.
    /// </summary>
    public event Action<int, TimeSpan>? Held;

    /// <summary>How many nodes are alive, at least 1: the shares while the database is away.</summary>
    public int Nodes
    {
        get => Volatile.Read(ref _nodes);
        set => Volatile.Write(ref _nodes, Math.Max(1, value));
    }

    /// <summary>Round trips that reserved something, since the start.</summary>
    public long Reservations { get; private set; }

    /// <summary>True while the database does not answer and the node keeps to its share.</summary>
    public bool IsAway
    {
        get
        {
            lock (_gate)
            {
                return IsAwayLocked();
            }
        }
    }

    /// <summary>
    /// True when a request is paid out of what is reserved. When it is not enough, more is being reserved: ask again
    /// soon.
    /// </summary>
    /// <param name="pool">Which budget: its place in the windows.</param>
    /// <param name="weight">What the request costs.</param>
    /// <param name="allowed">The most that all nodes together may have used after it.</param>
    /// <param name="time">Epoch ms by the exchange's clock.</param>
    public bool TryTake(int pool, int weight, int allowed, long time)
    {
        lock (_gate)
        {
            Account account = _accounts[pool];
            account.Turn(time / MinuteMs);
            if (account.Left >= weight)
            {
                account.Left -= weight;
                account.Spend(weight);
                return true;
            }

            if (!IsAwayLocked())
            {
                if (!account.IsReserving)
                {
                    account.IsReserving = true;
                    account.Reserving = ReserveAsync(account, account.Slot, weight, allowed);
                }

                return false;
            }

            if (account.SpentInWindow + weight > allowed / _nodes)
            {
                return false;
            }

            account.Spend(weight);
            return true;
        }
    }

    /// <summary>
    /// Tells all nodes of a hold that the exchange imposed; a longer one stands. Throws nothing when the database is
    /// away.
    /// </summary>
    public async Task TellHoldAsync(int reason, TimeSpan lasts, CancellationToken cancellationToken)
    {
        try
        {
            await _database.RunAsync(
                "a hold cannot be told",
                async connection =>
                {
                    await using NpgsqlCommand command = new(WriteHold, connection);
                    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _address });
                    command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)reason });
                    command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = lasts });
                    return await command.ExecuteNonQueryAsync(cancellationToken);
                },
                cancellationToken);
        }
        catch (DatabaseException)
        {
            // The other nodes hear it from the exchange itself.
            NoteAway();
        }
    }

    /// <summary>Asks whether there is a hold and raises <see cref="Held"/>; to be called every few seconds.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            (int Reason, long LastsMs)? hold = await _database.RunAsync<(int, long)?>(
                "holds cannot be read",
                async connection =>
                {
                    await using NpgsqlCommand command = new(ReadHold, connection);
                    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _address });
                    await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
                    return await reader.ReadAsync(cancellationToken) ? (reader.GetInt16(0), reader.GetInt64(1)) : null;
                },
                cancellationToken);
            if (hold is { } told)
            {
                Held?.Invoke(told.Reason, TimeSpan.FromMilliseconds(told.LastsMs));
            }
        }
        catch (DatabaseException)
        {
            NoteAway();
        }
    }

    /// <summary>
    /// Waits for reservations that are under way; what was reserved and not spent stays reserved until its minute is
    /// over.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task[] reserving;
        lock (_gate)
        {
            reserving = [.. _accounts.Select(account => account.Reserving)];
        }

        await Task.WhenAll(reserving);
        _stopping.Dispose();
    }

    private async Task ReserveAsync(Account account, long slot, int weight, int allowed)
    {
        await Task.Yield();
        int granted = 0;
        bool failed = false;
        try
        {
            granted = await _database.RunAsync(
                "requests cannot be reserved",
                connection => ReserveAsync(connection, account, slot, weight, allowed),
                _stopping.Token);
        }
        catch (Exception failure) when (failure is DatabaseException or OperationCanceledException)
        {
            failed = true;
        }

        lock (_gate)
        {
            account.IsReserving = false;
            Reservations++;
            if (failed)
            {
                _awaySince = _time.GetTimestamp();
            }
            else
            {
                _awaySince = null;
                account.Add(slot, granted);
            }
        }
    }

    private async Task<int> ReserveAsync(
        NpgsqlConnection connection, Account account, long slot, int weight, int allowed)
    {
        await using NpgsqlBatch batch = new(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(Lock)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<string> { TypedValue = _address },
                        new NpgsqlParameter<int> { TypedValue = account.Pool },
                    },
                },
                new NpgsqlBatchCommand(Reserve)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<string> { TypedValue = _address },
                        new NpgsqlParameter<short> { TypedValue = (short)account.Pool },
                        new NpgsqlParameter<long> { TypedValue = slot },
                        new NpgsqlParameter<long> { TypedValue = account.Window },
                        new NpgsqlParameter<int> { TypedValue = weight },
                        new NpgsqlParameter<int> { TypedValue = Math.Max(weight, allowed / Pieces) },
                        new NpgsqlParameter<int> { TypedValue = allowed },
                    },
                },
            },
        };
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(_stopping.Token);
        await reader.NextResultAsync(_stopping.Token);
        await reader.ReadAsync(_stopping.Token);
        int granted = reader.GetInt32(0);
        await reader.CloseAsync();
        return granted;
    }

    private void NoteAway()
    {
        lock (_gate)
        {
            _awaySince = _time.GetTimestamp();
        }
    }

    private bool IsAwayLocked() => _awaySince is { } since && _time.GetElapsedTime(since) < AwayFor;

    // What is reserved holds for the minute it was reserved in.
    private sealed class Account(int pool, int window)
    {
        private readonly Queue<(long Slot, int Weight)> _spent = new();

        public int Pool { get; } = pool;

        public int Window { get; } = window;

        public long Slot { get; private set; } = -1;

        public int Left { get; set; }

        public int SpentInWindow { get; private set; }

        public bool IsReserving { get; set; }

        public Task Reserving { get; set; } = Task.CompletedTask;

        public void Turn(long slot)
        {
            if (slot == Slot)
            {
                return;
            }

            Slot = slot;
            Left = 0;
            while (_spent.TryPeek(out (long Slot, int Weight) oldest) && oldest.Slot <= slot - Window)
            {
                SpentInWindow -= oldest.Weight;
                _spent.Dequeue();
            }
        }

        public void Spend(int weight)
        {
            _spent.Enqueue((Slot, weight));
            SpentInWindow += weight;
        }

        public void Add(long slot, int granted) => Left += slot == Slot ? granted : 0;
    }
}
