using Feeds.Core.Catalogue;
using Npgsql;

namespace Feeds.Storage.Schema;

/// <summary>
/// Brings a database's schema to what this program needs: under one advisory lock, so that nodes that start at once do
/// it once; each step in its transaction with the version it brings. Only ever adds.
/// </summary>
public static class SchemaMigrator
{
    // Of this program alone; the second half of the key is the schema.
    private const int LockSpace = 0x0FEED5;

    /// <summary>
    /// Makes or completes the schema. After a cancel or a failure each step was run whole or not at all; call again.
    /// </summary>
    /// <exception cref="SchemaVersionException">The schema is of a newer program.</exception>
    /// <exception cref="DatabaseException">
    /// The database cannot be reached, or the user may not make what is missing.
    /// </exception>
    public static Task<SchemaReport> MigrateAsync(PostgresDatabase database, CancellationToken cancellationToken) =>
        MigrateAsync(database, FeatureCatalogue.Golden.Columns, cancellationToken);

    internal static Task<SchemaReport> MigrateAsync(
        PostgresDatabase database, IReadOnlyList<string> features, CancellationToken cancellationToken) =>
        database.RunAsync(
            "the schema cannot be brought up to date",
            connection => MigrateAsync(database, connection, features, cancellationToken),
            cancellationToken);

    private static async Task<SchemaReport> MigrateAsync(
        PostgresDatabase database,
        NpgsqlConnection connection,
        IReadOnlyList<string> features,
        CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, database, cancellationToken);
        await RefuseAsynchronousCommitAsync(connection, database, cancellationToken);
        await MakeSchemaAsync(connection, database, cancellationToken);
        (int major, int minor, Guid identity) = await ReadVersionAsync(connection, cancellationToken);
        if (major > SchemaSql.Major)
        {
            throw new SchemaVersionException(database.Name, major);
        }

        int run = 0;
        for (int step = minor; step < SchemaSql.Steps.Count; step++)
        {
            await ExecuteAsync(connection, SchemaSql.Steps[step], cancellationToken);
            run++;
        }

        await using (NpgsqlCommand command = new("UPDATE schema_version SET minor = greatest(minor, $1)", connection))
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = SchemaSql.Steps.Count });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        int added = await AddColumnsAsync(connection, features, cancellationToken);
        TimescaleState timescale = await ProbeTimescaleAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new SchemaReport(
            identity, major, Math.Max(minor, SchemaSql.Steps.Count), run, added,
            connection.PostgreSqlVersion.ToString(), timescale);
    }

    /// <summary>Returns which TimescaleDB there is.</summary>
    internal static async Task<TimescaleState> ProbeTimescaleAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(
            """
            SELECT coalesce(current_setting('timescaledb.license', true), 'apache')
            FROM pg_extension WHERE extname = 'timescaledb'
            """,
            connection);
        return await command.ExecuteScalarAsync(cancellationToken) switch
        {
            null or DBNull => TimescaleState.Absent,
            "timescale" => TimescaleState.Community,
            _ => TimescaleState.Apache,
        };
    }

    private static async Task LockAsync(
        NpgsqlConnection connection, PostgresDatabase database, CancellationToken cancellationToken)
    {
        // The other migration may take longer than a statement should: it is waited for all the same. And this one goes
        // to and fro: on a busy machine it would be ended between two steps. It holds no lease, so nobody's take-over
        // waits for it.
        await ExecuteAsync(
            connection,
            "SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '60s'; SET LOCAL "
            + "idle_in_transaction_session_timeout = '60s'",
            cancellationToken);
        await using NpgsqlCommand command = new("SELECT pg_advisory_xact_lock($1, hashtext($2))", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = LockSpace });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = database.Options.Schema });
        command.CommandTimeout = 65;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // A referee that forgets the last second when its machine fails has given away epochs that it will give away again.
    private static async Task RefuseAsynchronousCommitAsync(
        NpgsqlConnection connection, PostgresDatabase database, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new("SELECT current_setting('synchronous_commit')", connection);
        if (await command.ExecuteScalarAsync(cancellationToken) is "off")
        {
            throw new DatabaseException(
                database.Name,
                $"{database.Name}: synchronous_commit is off here, so what it confirms may be lost: set it to on "
                + "for this user",
                isForPerson: true);
        }
    }

    private static async Task MakeSchemaAsync(
        NpgsqlConnection connection, PostgresDatabase database, CancellationToken cancellationToken)
    {
        // Asked first: making one needs a right that a user who was given a schema may lack.
        await using NpgsqlCommand command = new("SELECT 1 FROM pg_namespace WHERE nspname = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = database.Options.Schema });
        if (await command.ExecuteScalarAsync(cancellationToken) is null)
        {
            await ExecuteAsync(
                connection, "CREATE SCHEMA " + SqlName.Quote(database.Options.Schema), cancellationToken);
        }
    }

    private static async Task<(int Major, int Minor, Guid Identity)> ReadVersionAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, SchemaSql.Version, cancellationToken);
        await using (NpgsqlCommand insert = new(
            "INSERT INTO schema_version (major, minor) VALUES ($1, 0) ON CONFLICT DO NOTHING", connection))
        {
            insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = SchemaSql.Major });
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        await using NpgsqlCommand command = new("SELECT major, minor, identity FROM schema_version", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt32(0), reader.GetInt32(1), reader.GetGuid(2));
    }

    private static async Task<int> AddColumnsAsync(
        NpgsqlConnection connection, IReadOnlyList<string> features, CancellationToken cancellationToken)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        await using (NpgsqlCommand command = new(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'feature_row'::regclass AND attnum > 0 AND NOT "
            + "attisdropped",
            connection))
        await using (NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                known.Add(reader.GetString(0));
            }
        }

        string[] missing = [.. features.Where(name => !known.Contains(name))];
        if (missing.Length > 0)
        {
            await ExecuteAsync(
                connection,
                "ALTER TABLE feature_row "
                + string.Join(", ", missing.Select(name => "ADD COLUMN " + SqlName.Quote(name) + " double precision")),
                cancellationToken);
        }

        return missing.Length;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
