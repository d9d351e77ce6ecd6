using Feeds.Core.Market;
using Feeds.Storage.Sinks;

namespace Feeds.Engine;

/// <summary>What a node is told at its start; already validated.</summary>
public sealed record NodeOptions
{
    /// <summary>The symbols to watch, each once, at least one.</summary>
    public required IReadOnlyList<Symbol> Symbols { get; init; }

    /// <summary>
    /// Distance of ticks: whole seconds, at least 1 s. Ticks lie on multiples of it since the epoch, UTC.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where open interest comes from.</summary>
    public Provider OpenInterest { get; init; } = Provider.BinanceRest;

    /// <summary>Where settled funding rates come from.</summary>
    public Provider Funding { get; init; } = Provider.BinanceRest;

    /// <summary>Where mark and index come from; auto is the stream, and REST while it is stale.</summary>
    public Provider Basis { get; init; } = Provider.Auto;

    /// <summary>Where liquidations come from.</summary>
    public Provider Liquidations { get; init; } = Provider.BinanceWs;

    /// <summary>Where books come from.</summary>
    public Provider Depth { get; init; } = Provider.BinanceWs;

    /// <summary>True to compute the golden vector beside the 12-column row.</summary>
    public bool Features { get; init; } = true;

    /// <summary>
    /// What features compare every symbol with: the market's reference, then a second one; at most two.
    /// </summary>
    public IReadOnlyList<Symbol> ReferenceSymbols { get; init; } = [];

    /// <summary>
    /// Sectors, each a list of members; a symbol is compared with the other members of the first that has it.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<Symbol>> Sectors { get; init; } = [];

    /// <summary>Best levels in <c>obi_top</c>, 1…20.</summary>
    public int DepthLevels { get; init; } = 3;

    /// <summary>Levels of the depth stream: 5, 10 or 20.</summary>
    public int DepthStreamLevels { get; init; } = 20;

    /// <summary>
    /// True to keep each book from the stream of its changes and snapshots, by the exchange's rules, instead of taking
    /// its best levels as the exchange sends them: never wrong without saying so.
    /// </summary>
    public bool CertifiedBook { get; init; }

    /// <summary>True to take the book ticker stream as well.</summary>
    public bool Quotes { get; init; }

    /// <summary>REST requests at a time, at least 1.</summary>
    public int RestBatchSize { get; init; } = 5;

    /// <summary>Streams on one connection, 1…1024.</summary>
    public int MaxStreamsPerConnection { get; init; } = 200;

    /// <summary>
    /// The age at which a stream connection is replaced without a break, above 0; the exchange cuts it after 24 h. Up
    /// to a twentieth is taken off by chance, so that connections do not all go at once.
    /// </summary>
    public TimeSpan MaxConnectionAge { get; init; } = new(23, 50, 0);

    /// <summary>The REST address without a path, such as <c>https://fapi.binance.com</c>.</summary>
    public required Uri RestUrl { get; init; }

    /// <summary>The stream address without a path, such as <c>wss://fstream.binance.com</c>.</summary>
    public required Uri StreamUrl { get; init; }

    /// <summary>An HTTP proxy for both; null for the system's own setting.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>The total time of a REST request and of a handshake.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The folder of journal, small state and, by default, rows.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The PostgreSQL connection string; rows go there as well. Null for none.</summary>
    public string? Postgres { get; init; }

    /// <summary>How the node shares symbols with others over PostgreSQL; null for a node alone.</summary>
    public ClusterMembership? Cluster { get; init; }

    /// <summary>How long a silent node keeps its symbols, above zero; it renews three times in that.</summary>
    public TimeSpan LeaseTtl { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that an event waits for the disk: what a power cut can take.</summary>
    public TimeSpan JournalFlushInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the states of symbols are saved, so that a start reads little of the journal.</summary>
    public TimeSpan SnapshotInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the journal is kept.</summary>
    public TimeSpan JournalKeepAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How large the journal may become, bytes.</summary>
    public long JournalKeepBytes { get; init; } = 50_000_000_000;

    /// <summary>How much of the disk stays free, bytes; the oldest of the journal goes for it.</summary>
    public long JournalMinFreeBytes { get; init; } = 5_000_000_000;

    /// <summary>
    /// The most bytes of events that wait in memory while the database of a cluster is away, above 0; then symbols
    /// wait.
    /// </summary>
    public long JournalMaxPendingBytes { get; init; } = 64_000_000;

    /// <summary>The file of 12-column rows; null for none.</summary>
    public string? CsvPath { get; init; }

    /// <summary>When the row file is put away and a new one begun.</summary>
    public CsvRotation CsvRotation { get; init; } = CsvRotation.Size;

    /// <summary>The size at which it is put away, in MB (10⁶ bytes), at least 1.</summary>
    public int CsvRotateMb { get; init; } = 200;

    /// <summary>How many put-away files are kept, at least 1.</summary>
    public int CsvKeepFiles { get; init; } = 14;

    /// <summary>The folder of the table of feature rows in Parquet; null for none.</summary>
    public string? ParquetPath { get; init; }

    /// <summary>Seeds the jitter of back-off; the same seed gives the same delays.</summary>
    public int Seed { get; init; } = Environment.ProcessId;

    /// <summary>Returns the folder: the database's password is never shown.</summary>
    public override string ToString() => $"{nameof(NodeOptions)} {{ DataDirectory = {DataDirectory} }}";

    /// <summary>Sinks beside those that the other options name; the node disposes of them.</summary>
    internal IReadOnlyList<IRowSink> OwnSinks { get; init; } = [];

    /// <summary>
    /// Told every event that a symbol applied, on its actor's thread; a book's levels are the pool's again after it.
    /// For tests.
    /// </summary>
    internal Action<Symbol, MarketEvent>? Applied { get; init; }
}
