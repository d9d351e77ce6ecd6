using Microsoft.Extensions.Logging;

namespace Feeds.Configuration;

/// <content>The exchange, storage, and the node itself.</content>
internal static partial class ConfigKeys
{
    private static ConfigKey[] ExchangeKeys =>
    [
        Key("exchange.preset",
            new ChoiceKind<ExchangePreset>(("live", ExchangePreset.Live), ("demo", ExchangePreset.Demo)),
            static o => o.Exchange.Preset, static (o, v) => o with { Exchange = o.Exchange with { Preset = v } },
            "demo: the exchange's test network"),
        Key("exchange.proxy", new ProxyKind(), static o => o.Exchange.Proxy,
            static (o, v) => o with { Exchange = o.Exchange with { Proxy = v } },
            "for REST and streams; null: what the system says (HTTPS_PROXY)"),
        Key("exchange.rest_url", new ServerUrlKind("https", "http"), static o => o.Exchange.RestUrl,
            static (o, v) => o with { Exchange = o.Exchange with { RestUrl = v } },
            "left as it is, the preset decides"),
        Key("exchange.stream_url", new ServerUrlKind("wss", "ws"), static o => o.Exchange.StreamUrl,
            static (o, v) => o with { Exchange = o.Exchange with { StreamUrl = v } },
            "left as it is, the preset decides"),
        Key("exchange.timeout_sec", new IntKind(1, 120), static o => o.Exchange.TimeoutSec,
            static (o, v) => o with { Exchange = o.Exchange with { TimeoutSec = v } },
            "seconds that a request or a handshake may take"),
    ];

    private static ConfigKey[] StorageKeys =>
    [
        Key("storage.data_dir", new TextKind("a folder", orNull: false), static o => o.Storage.DataDir,
            static (o, v) => o with { Storage = o.Storage with { DataDir = v! } },
            "rows, logs and small state; one node each"),
        Key("storage.postgres", new SecretKind("a connection string", 1), static o => o.Storage.Postgres,
            static (o, v) => o with { Storage = o.Storage with { Postgres = v } },
            "rows go there too, and all of a cluster; null: everything rests in data_dir; better in a file"),
        Key("storage.postgres_file", new TextKind("a path", orNull: true), static o => o.Storage.PostgresFile,
            static (o, v) => o with { Storage = o.Storage with { PostgresFile = v } }, "a file that holds it"),
        Key("storage.redis", new SecretKind("a connection string", 1), static o => o.Storage.Redis,
            static (o, v) => o with { Storage = o.Storage with { Redis = v } }, "", "Redis sink"),
        Key("storage.redis_file", new TextKind("a path", orNull: true), static o => o.Storage.RedisFile,
            static (o, v) => o with { Storage = o.Storage with { RedisFile = v } }, "", "Redis sink"),
    ];

    private static ConfigKey[] ClusterKeys =>
    [
        Key("cluster.enabled", new BoolKind(), static o => o.Cluster.Enabled,
            static (o, v) => o with { Cluster = o.Cluster with { Enabled = v } },
            "true: share the symbols with other nodes over storage.postgres"),
        Key("cluster.node_id", new TextKind("a name", orNull: false), static o => o.Cluster.NodeId,
            static (o, v) => o with { Cluster = o.Cluster with { NodeId = v! } },
            "its name, one process at a time; auto: machine and port"),
        Key("cluster.lease_ttl_sec", new IntKind(3, 300), static o => o.Cluster.LeaseTtlSec,
            static (o, v) => o with { Cluster = o.Cluster with { LeaseTtlSec = v } },
            "seconds after which a silent node's symbols are others'"),
    ];

    private static ConfigKey[] ContextKeys =>
    [
        Key("context.reference_symbols", new SymbolsKind(0), static o => o.Context.ReferenceSymbols,
            static (o, v) => o with { Context = o.Context with { ReferenceSymbols = v } },
            "features compare every symbol with them: the market's reference, then a second one; at most two"),
        Key("context.sectors", new SectorsKind(), static o => o.Context.Sectors,
            static (o, v) => o with { Context = o.Context with { Sectors = v } },
            "features compare a symbol with the other members of its sector"),
    ];

    private static ConfigKey[] HttpKeys =>
    [
        Key("http.bind", new BindKind(), static o => o.Http.Bind,
            static (o, v) => o with { Http = o.Http with { Bind = v } },
            "port 0 takes a free one; an address that is not loopback needs a token"),
        Key("http.token", new SecretKind("at least 16 characters", 16), static o => o.Http.Token,
            static (o, v) => o with { Http = o.Http with { Token = v } },
            "what callers show as a bearer token; better in a file"),
        Key("http.token_file", new TextKind("a path", orNull: true), static o => o.Http.TokenFile,
            static (o, v) => o with { Http = o.Http with { TokenFile = v } }, "a file that holds the token"),
        Key("http.allowed_hosts", new HostsKind(), static o => o.Http.AllowedHosts,
            static (o, v) => o with { Http = o.Http with { AllowedHosts = v } },
            "names by which the node may be called besides its address and localhost"),
    ];

    private static ConfigKey[] HistoryKeys =>
    [
        Key("history.timeframes",
            new WordsKind("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d"),
            static o => o.History.Timeframes, static (o, v) => o with { History = o.History with { Timeframes = v } },
            "", "history"),
        Key("history.oi_periods", new WordsKind("5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d"),
            static o => o.History.OiPeriods, static (o, v) => o with { History = o.History with { OiPeriods = v } },
            "", "history"),
        Key("history.historical_days", new IntKind(1, 3650), static o => o.History.HistoricalDays,
            static (o, v) => o with { History = o.History with { HistoricalDays = v } }, "", "history"),
    ];

    private static ConfigKey[] JournalKeys =>
    [
        Key("journal.flush_ms", new IntKind(10, 5000), static o => o.Journal.FlushMs,
            static (o, v) => o with { Journal = o.Journal with { FlushMs = v } },
            "longest that an event waits for the disk: what a power cut can take"),
        Key("journal.snapshot_minutes", new IntKind(1, 1440), static o => o.Journal.SnapshotMinutes,
            static (o, v) => o with { Journal = o.Journal with { SnapshotMinutes = v } },
            "how often states are saved, so that a start reads little of the journal"),
        Key("journal.keep_days", new IntKind(1, 3650), static o => o.Journal.KeepDays,
            static (o, v) => o with { Journal = o.Journal with { KeepDays = v } }, "days that are kept"),
        Key("journal.keep_gb", new IntKind(1, 100_000), static o => o.Journal.KeepGb,
            static (o, v) => o with { Journal = o.Journal with { KeepGb = v } }, "GB that are kept at most"),
        Key("journal.min_free_gb", new IntKind(0, 100_000), static o => o.Journal.MinFreeGb,
            static (o, v) => o with { Journal = o.Journal with { MinFreeGb = v } },
            "GB of the disk that stay free; the oldest of the journal goes for it"),
    ];

    private static ConfigKey[] LoggingKeys =>
    [
        Key("logging.console", Levels(), static o => o.Logging.Console,
            static (o, v) => o with { Logging = o.Logging with { Console = v } }, "least level on standard error"),
        Key("logging.file", Levels(), static o => o.Logging.File,
            static (o, v) => o with { Logging = o.Logging with { File = v } },
            "least level in logs/feeds.log of storage.data_dir"),
        Key("logging.file_mb", new IntKind(1, 1000), static o => o.Logging.FileMb,
            static (o, v) => o with { Logging = o.Logging with { FileMb = v } },
            "its size in MB before a new one is begun"),
        Key("logging.keep_files", new IntKind(1, 1000), static o => o.Logging.KeepFiles,
            static (o, v) => o with { Logging = o.Logging with { KeepFiles = v } }, "log files that are kept"),
    ];

    private static ChoiceKind<LogLevel> Levels() => new(
        ("TRACE", LogLevel.Trace), ("DEBUG", LogLevel.Debug), ("INFO", LogLevel.Information),
        ("WARNING", LogLevel.Warning), ("ERROR", LogLevel.Error), ("OFF", LogLevel.None));
}
