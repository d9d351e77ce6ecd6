using Feeds.Core.Market;
using Feeds.Storage.Schema;
using Npgsql;

namespace Feeds.Storage.Sinks;

/// <summary>
/// What the tables say before rows are written: how far each symbol's rows go, and whose tables they are.
/// </summary>
internal static class PostgresTicks
{
    // For each symbol, the newest of its ticks; the index is walked from one symbol to the next, not read.
    private const string Newest =
        """
        WITH RECURSIVE known AS (
            (SELECT symbol FROM feed_row ORDER BY symbol LIMIT 1)
            UNION ALL
            SELECT (SELECT r.symbol FROM feed_row r WHERE r.symbol > known.symbol ORDER BY r.symbol LIMIT 1)
            FROM known WHERE known.symbol IS NOT NULL)
        SELECT k.symbol, (extract(epoch FROM (SELECT max(r.tick) FROM feed_row r WHERE r.symbol = k.symbol)) * 1000)::bigint
        FROM (SELECT symbol FROM known UNION SELECT unnest($2::text[])) k
        WHERE k.symbol IS NOT NULL AND ($1 OR k.symbol = ANY ($2))
        """;

    private const string IsCluster = "SELECT EXISTS (SELECT FROM symbol_lease WHERE epoch > 0)";

    /// <summary>
    /// Returns the newest tick of each symbol that is asked for, epoch ms, 0 for none; null asks for all that have
    /// rows.
    /// </summary>
    public static Task<List<(string Symbol, long Tick)>> ReadAsync(
        PostgresDatabase database, IReadOnlyCollection<Symbol>? symbols, CancellationToken cancellationToken) =>
        database.RunAsync(
            "the newest rows cannot be read",
            async connection =>
            {
                await using NpgsqlCommand command = new(Newest, connection);
                command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = symbols is null });
                command.Parameters.Add(new NpgsqlParameter<string[]>
                {
                    TypedValue = [.. (symbols ?? []).Select(static each => each.Text)],
                });
                List<(string Symbol, long Tick)> ticks = [];
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    bool isNone = await reader.IsDBNullAsync(1, cancellationToken);
                    ticks.Add((reader.GetString(0), isNone ? 0 : reader.GetInt64(1)));
                }

                return ticks;
            },
            cancellationToken);

    /// <summary>True when a member of a cluster has ever owned a symbol here.</summary>
    public static Task<bool> AreOfClusterAsync(PostgresDatabase database, CancellationToken cancellationToken) =>
        database.RunAsync(
            "whose tables these are cannot be read",
            async connection =>
            {
                await using NpgsqlCommand command = new(IsCluster, connection);
                return await command.ExecuteScalarAsync(cancellationToken) is true;
            },
            cancellationToken);
}
