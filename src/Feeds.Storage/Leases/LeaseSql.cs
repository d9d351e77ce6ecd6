namespace Feeds.Storage.Leases;

/// <summary>
/// The statements of <see cref="PostgresLeases"/>. Always <c>clock_timestamp()</c>: <c>now()</c> stands still in a
/// transaction.
/// </summary>
internal static class LeaseSql
{
    public const string CountStart =
        """
        INSERT INTO node_start (name, number) VALUES ($1, 1)
        ON CONFLICT (name) DO UPDATE SET number = node_start.number + 1 RETURNING number
        """;

    // Whoever joins under a name holds this row, so that two at once come one after the other.
    public const string LockName = "SELECT number FROM node_start WHERE name = $1 FOR UPDATE";

    public const string AliveOfName =
        """
        SELECT node_id, extract(epoch FROM expires_at - clock_timestamp())::double precision
        FROM node WHERE name = $1 AND node_id <> $2 AND expires_at > clock_timestamp()
        """;

    public const string RemoveOld =
        """
        DELETE FROM node WHERE node_id <> $2
        AND (name = $1 OR expires_at < clock_timestamp() - interval '1 day')
        """;

    public const string Join =
        """
        INSERT INTO node (node_id, name, address, started_at, expires_at)
        VALUES ($1, $2, $3, clock_timestamp(), clock_timestamp() + $4)
        ON CONFLICT (node_id) DO UPDATE SET expires_at = clock_timestamp() + $4
        """;

    // The lease of a node is this one row; no fence ever locks it, so that a frozen writer cannot stop its own node's
    // heart.
    public const string Renew =
        "UPDATE node SET expires_at = clock_timestamp() + $2 WHERE node_id = $1 RETURNING draining";

    public const string Referee =
        "SELECT identity, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM schema_version";

    public const string Members =
        """
        SELECT node_id, address, (extract(epoch FROM started_at) * 1000)::bigint,
            (extract(epoch FROM expires_at) * 1000)::bigint, draining, expires_at > clock_timestamp()
        FROM node ORDER BY node_id
        """;

    public const string Leases =
        """
        SELECT l.symbol, l.owner, l.epoch, coalesce(s.state = 'watched', false)
        FROM symbol_lease l LEFT JOIN symbol s ON s.symbol = l.symbol ORDER BY l.symbol
        """;

    private const string Free =
        """
        l.symbol = ANY ($2) AND (l.owner IS NULL OR NOT EXISTS (
            SELECT 1 FROM node n WHERE n.node_id = l.owner AND n.expires_at > clock_timestamp()))
        AND EXISTS (SELECT 1 FROM node me WHERE me.node_id = $1 AND me.expires_at > clock_timestamp() AND NOT me.draining)
        """;

    /// <summary>Takes what can be had at once: rows that a writer still holds are passed over.</summary>
    public const string Take =
        "WITH free AS (SELECT l.symbol FROM symbol_lease l WHERE " + Free + " ORDER BY l.symbol FOR UPDATE SKIP LOCKED)"
            + Taking;

    /// <summary>Takes the rest, waiting for the writers that hold it.</summary>
    public const string TakeWaiting =
        "WITH free AS (SELECT l.symbol FROM symbol_lease l WHERE " + Free + " ORDER BY l.symbol FOR UPDATE)" + Taking;

    /// <summary>Which of them could be had if nobody held them.</summary>
    public const string CountFree = "SELECT count(*) FROM symbol_lease l WHERE " + Free;

    /// <summary>
    /// Ends the sessions of dead owners. A process that froze while it was sending rows is not idle in its transaction
    /// and no timeout of the session ends it; its locks would keep its symbols for ever.
    /// </summary>
    public const string EndSessionsOfDead =
        """
        SELECT count(pg_terminate_backend(a.pid))
        FROM pg_stat_activity a
        WHERE a.usename = current_user AND a.datname = current_database() AND a.application_name IN (
            SELECT DISTINCT 'feeds/' || l.owner FROM symbol_lease l WHERE l.owner <> $1 AND l.symbol = ANY ($2) AND NOT EXISTS (
                SELECT 1 FROM node n WHERE n.node_id = l.owner AND n.expires_at > clock_timestamp()))
        """;

    public const string Release =
        """
        WITH given AS (
            SELECT l.symbol FROM symbol_lease l
            JOIN unnest($2::text[], $3::bigint[]) AS g (symbol, epoch) ON l.symbol = g.symbol AND l.epoch = g.epoch
            WHERE l.owner = $1 ORDER BY l.symbol FOR UPDATE OF l)
        UPDATE symbol_lease l SET owner = NULL, changed_at = clock_timestamp() FROM given WHERE l.symbol = given.symbol
        """;

    public const string ReleaseAll =
        "UPDATE symbol_lease SET owner = NULL, changed_at = clock_timestamp() WHERE owner = $1";

    public const string Leave = "DELETE FROM node WHERE node_id = $1";

    public const string Drain = "UPDATE node SET draining = true WHERE node_id = $1 OR name = $1";

    public const string AddLease = "INSERT INTO symbol_lease (symbol) VALUES ($1) ON CONFLICT DO NOTHING";

    public const string AddSymbol =
        """
        INSERT INTO symbol (symbol, state) VALUES ($1, 'watched')
        ON CONFLICT (symbol) DO UPDATE SET state = 'watched', changed_at = clock_timestamp() WHERE symbol.state <> 'watched'
        """;

    public const string RemoveSymbol =
        "UPDATE symbol SET state = 'removed', changed_at = clock_timestamp() WHERE symbol = $1 AND state = 'watched'";

    public const string Notify = "SELECT pg_notify($1, $2)";

    private const string Taking =
        """
         UPDATE symbol_lease l SET owner = $1, epoch = l.epoch + 1, changed_at = clock_timestamp()
        FROM free WHERE l.symbol = free.symbol RETURNING l.symbol, l.epoch
        """;
}
