using System.Globalization;
using Npgsql;

namespace Feeds.Storage.Schema;

/// <summary>
/// The partitions by UTC day of one table: made by whoever writes, a day ahead, and dropped whole. Making one locks out
/// nobody who reads or writes. Safe from any thread.
/// </summary>
internal sealed class DayPartitions
{
    private const long DayMs = 86_400_000;
    private const string NameFormat = "yyyyMMdd";

    private readonly Lock _gate = new();
    private readonly string _table;
    private HashSet<long> _known = [];

    public DayPartitions(string table) => _table = table;

    /// <summary>Returns the number of the UTC day of an epoch ms.</summary>
    public static long DayOf(long time) => (long)Math.Floor(time / (double)DayMs);

    /// <summary>
    /// Makes the partitions of the days that are not known to be there, and of the day after the newest.
    /// </summary>
    public async ValueTask EnsureAsync(
        PostgresDatabase database, IReadOnlyCollection<long> days, CancellationToken cancellationToken)
    {
        List<long> missing;
        lock (_gate)
        {
            missing = [.. days.Where(day => !_known.Contains(day))];
        }

        if (missing.Count == 0)
        {
            return;
        }

        missing.Add(missing.Max() + 1);
        foreach (long day in missing.Distinct().Order())
        {
            await database.RunAsync(
                $"a day of {_table} cannot be made", connection => MakeAsync(connection, day, cancellationToken),
                cancellationToken);
            lock (_gate)
            {
                _known.Add(day);
            }
        }
    }

    /// <summary>Forgets what is known to be there: another may have dropped it.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _known = [];
        }
    }

    /// <summary>Drops all partitions of days before one; returns how many.</summary>
    public async Task<int> DropBeforeAsync(PostgresDatabase database, long day, CancellationToken cancellationToken)
    {
        string bound = NameOf(day);
        IReadOnlyList<string> names = await database.RunAsync(
            $"the days of {_table} cannot be read", connection => NamesAsync(connection, cancellationToken),
            cancellationToken);
        int dropped = 0;
        foreach (string name in names.Where(name => string.CompareOrdinal(name, bound) < 0))
        {
            await database.RunAsync(
                $"a day of {_table} cannot be dropped",
                connection => DropAsync(connection, name, cancellationToken),
                cancellationToken);
            dropped++;
        }

        Forget();
        return dropped;
    }

    private string NameOf(long day) => $"{_table}_{Text(day, NameFormat)}";

    private static string Text(long day, string format) =>
        DateTimeOffset.FromUnixTimeMilliseconds(day * DayMs).ToString(format, CultureInfo.InvariantCulture);

    private async Task<IReadOnlyList<string>> NamesAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = $1::regclass", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = SqlName.Quote(_table) });
        List<string> names = [];
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        // Only names that we give: whoever attached another partition drops it.
        return [.. names.Where(
            name => name.Length == _table.Length + 9 && name.StartsWith(_table + '_', StringComparison.Ordinal))];
    }

    private async Task<bool> MakeAsync(NpgsqlConnection connection, long day, CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (NpgsqlCommand command = new(
            "SELECT pg_advisory_xact_lock(hashtext($1)), to_regclass($1) IS NULL", connection))
        {
            // Two nodes come here together at midnight; the second finds it made.
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = SqlName.Quote(NameOf(day)) });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (NpgsqlCommand command = new("SELECT to_regclass($1) IS NULL", connection))
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = SqlName.Quote(NameOf(day)) });
            if (await command.ExecuteScalarAsync(cancellationToken) is false)
            {
                return true;
            }
        }

        string name = SqlName.Quote(NameOf(day));
        string table = SqlName.Quote(_table);
        string from = Text(day, "yyyy-MM-dd");
        string to = Text(day + 1, "yyyy-MM-dd");

        // Made beside the table and then attached: PARTITION OF would wait for every writer, and every writer for it.
        await ExecuteAsync(
            connection,
            "SET LOCAL timezone = 'UTC'; CREATE TABLE " + name + " (LIKE " + table
            + " INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE); ALTER TABLE " + table
            + " ATTACH PARTITION " + name
            + " FOR VALUES FROM ('" + from + "') TO ('" + to + "')",
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    // A drop waits for whoever reads the table, and behind it everybody else waits: it gives up soon, and comes again.
    private static async Task<bool> DropAsync(
        NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(
            connection,
            "SET LOCAL lock_timeout = '200ms'; DROP TABLE IF EXISTS " + SqlName.Quote(name),
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task<bool> ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }
}
