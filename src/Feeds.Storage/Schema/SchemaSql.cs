namespace Feeds.Storage.Schema;

/// <summary>
/// The steps of the schema, oldest first: step n brings minor version n. A step is never changed once it was released;
/// what is new is a new step. Texts sort by their bytes everywhere (<c>COLLATE "C"</c>), as symbols do in the program.
/// </summary>
internal static class SchemaSql
{
    /// <summary>A node refuses a schema of a newer major version: what it would write would be wrong.</summary>
    public const int Major = 1;

    /// <summary>Made first, in a schema that is empty.</summary>
    public const string Version =
        """
        CREATE TABLE IF NOT EXISTS schema_version (
            only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
            major integer NOT NULL,
            minor integer NOT NULL,
            identity uuid NOT NULL DEFAULT gen_random_uuid());
        """;

    private const string Cluster =
        """
        CREATE TABLE node_start (
            name text COLLATE "C" PRIMARY KEY,
            number bigint NOT NULL);
        CREATE TABLE node (
            node_id text COLLATE "C" PRIMARY KEY,
            name text COLLATE "C" NOT NULL UNIQUE,
            address text NOT NULL,
            started_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            draining boolean NOT NULL DEFAULT false) WITH (fillfactor = 50);
        CREATE TABLE symbol (
            symbol text COLLATE "C" PRIMARY KEY,
            state text NOT NULL CHECK (state IN ('watched', 'removed')),
            added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            changed_at timestamptz NOT NULL DEFAULT clock_timestamp());
        CREATE TABLE symbol_lease (
            symbol text COLLATE "C" PRIMARY KEY,
            owner text COLLATE "C",
            epoch bigint NOT NULL DEFAULT 0,
            changed_at timestamptz NOT NULL DEFAULT clock_timestamp());
        """;

    private const string Rows =
        """
        CREATE TABLE write_mark (
            writer text COLLATE "C" PRIMARY KEY,
            batch bigint NOT NULL,
            written_at timestamptz NOT NULL DEFAULT clock_timestamp()) WITH (fillfactor = 50);
        CREATE TABLE feed_row (
            symbol text COLLATE "C" NOT NULL,
            tick timestamptz NOT NULL,
            open_interest double precision,
            open_interest_pct double precision,
            funding_rate double precision,
            basis double precision,
            liq_long_usd double precision,
            liq_short_usd double precision,
            liq_ratio double precision,
            obi_top double precision,
            latency_ms double precision,
            source_errors text NOT NULL,
            epoch bigint NOT NULL,
            PRIMARY KEY (symbol, tick)) PARTITION BY RANGE (tick);
        CREATE TABLE feature_row (
            symbol text COLLATE "C" NOT NULL,
            tick timestamptz NOT NULL,
            catalogue_version integer NOT NULL,
            PRIMARY KEY (symbol, tick)) PARTITION BY RANGE (tick);
        CREATE TABLE row_dead_letter (
            symbol text COLLATE "C" NOT NULL,
            tick timestamptz NOT NULL,
            epoch bigint NOT NULL,
            reason text NOT NULL,
            feed_row bytea NOT NULL,
            written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            PRIMARY KEY (symbol, tick, epoch));
        """;

    private const string Journal =
        """
        CREATE TABLE journal_block (
            day date NOT NULL,
            symbol text COLLATE "C" NOT NULL,
            first_sequence bigint NOT NULL,
            epoch bigint NOT NULL,
            event_count integer NOT NULL,
            first_time timestamptz NOT NULL,
            last_time timestamptz NOT NULL,
            version integer NOT NULL,
            raw_length integer NOT NULL,
            checksum bigint NOT NULL,
            content bytea NOT NULL,
            PRIMARY KEY (symbol, first_sequence, epoch, day)) PARTITION BY RANGE (day);
        ALTER TABLE journal_block ALTER COLUMN content SET STORAGE EXTERNAL;
        CREATE TABLE snapshot (
            symbol text COLLATE "C" NOT NULL,
            sequence bigint NOT NULL,
            epoch bigint NOT NULL,
            last_tick timestamptz NOT NULL,
            saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            version integer NOT NULL,
            raw_length integer NOT NULL,
            checksum bigint NOT NULL,
            content bytea NOT NULL,
            PRIMARY KEY (symbol, sequence, epoch));
        ALTER TABLE snapshot ALTER COLUMN content SET STORAGE EXTERNAL;
        """;

    private const string Budget =
        """
        CREATE TABLE request_use (
            address text COLLATE "C" NOT NULL,
            pool smallint NOT NULL,
            slot bigint NOT NULL,
            used integer NOT NULL,
            PRIMARY KEY (address, pool, slot)) WITH (fillfactor = 50);
        CREATE TABLE request_hold (
            address text COLLATE "C" PRIMARY KEY,
            reason smallint NOT NULL,
            ends_at timestamptz NOT NULL);
        """;

    /// <summary>All steps.</summary>
    public static IReadOnlyList<string> Steps { get; } = [Cluster, Rows, Journal, Budget];
}
