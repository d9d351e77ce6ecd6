using Feeds.Engine;
using Feeds.Storage.Sinks;

namespace Feeds.Configuration;

/// <content>What is watched, and where it comes from.</content>
internal static partial class ConfigKeys
{
    private static (string Word, Provider Value) Auto => ("auto", Provider.Auto);

    private static (string Word, Provider Value) Ws => ("binance_ws", Provider.BinanceWs);

    private static (string Word, Provider Value) Rest => ("binance_rest", Provider.BinanceRest);

    private static (string Word, Provider Value) Off => ("off", Provider.Off);

    private static ConfigKey[] FeedKeys =>
    [
        Key("feature_flags.enable_data_feeds", new BoolKind(), static o => o.FeatureFlags.EnableDataFeeds,
            static (o, v) => o with { FeatureFlags = o.FeatureFlags with { EnableDataFeeds = v } },
            "false: `feeds run` says that it is disabled and exits 0"),
        Key("data_feeds.symbols", new SymbolsKind(1), static o => o.DataFeeds.Symbols,
            static (o, v) => o with { DataFeeds = o.DataFeeds with { Symbols = v } },
            "what to watch; signals.symbols, when this file has it, is used instead"),
        Key("data_feeds.interval_sec", new IntKind(1, 86_400), static o => o.DataFeeds.IntervalSec,
            static (o, v) => o with { DataFeeds = o.DataFeeds with { IntervalSec = v } },
            "seconds between the rows of a symbol"),
        Key("data_feeds.features", new BoolKind(), static o => o.DataFeeds.Features,
            static (o, v) => o with { DataFeeds = o.DataFeeds with { Features = v } },
            "false: the 12 columns alone, with less memory and work"),
        .. SinkKeys,
        .. ProviderKeys,
        Key("data_feeds.depth_levels", new IntKind(1, 20), static o => o.DataFeeds.DepthLevels,
            static (o, v) => o with { DataFeeds = o.DataFeeds with { DepthLevels = v } },
            "best levels in obi_top; not more than depth_stream_levels"),
        Key("data_feeds.depth_stream_levels", new ChoiceKind<int>(("5", 5), ("10", 10), ("20", 20)),
            static o => o.DataFeeds.DepthStreamLevels,
            static (o, v) => o with { DataFeeds = o.DataFeeds with { DepthStreamLevels = v } },
            "levels of the book that the exchange sends"),
        Key("data_feeds.certified_book", new BoolKind(), static o => o.DataFeeds.CertifiedBook,
            static (o, v) => o with { DataFeeds = o.DataFeeds with { CertifiedBook = v } },
            "true: books are kept from the stream of all changes, never wrong without saying so"),
        Key("data_feeds.concurrency.rest_batch_size", new IntKind(1, 50),
            static o => o.DataFeeds.Concurrency.RestBatchSize,
            static (o, v) => Concurrency(o, o.DataFeeds.Concurrency with { RestBatchSize = v }),
            "REST requests at a time"),
        Key("data_feeds.concurrency.ws_max_streams", new IntKind(1, 1024),
            static o => o.DataFeeds.Concurrency.WsMaxStreams,
            static (o, v) => Concurrency(o, o.DataFeeds.Concurrency with { WsMaxStreams = v }),
            "streams on one connection; 11 works as well"),
    ];

    private static ConfigKey[] SinkKeys =>
    [
        Key("data_feeds.sinks.csv_path", new TextKind("a path", orNull: true), static o => o.DataFeeds.Sinks.CsvPath,
            static (o, v) => Sinks(o, o.DataFeeds.Sinks with { CsvPath = v }),
            "the row file; null: none; when the key is left out, feeds_log.csv in storage.data_dir"),
        Key("data_feeds.sinks.rotate_mb", new IntKind(1, 100_000), static o => o.DataFeeds.Sinks.RotateMb,
            static (o, v) => Sinks(o, o.DataFeeds.Sinks with { RotateMb = v }),
            "its size in MB before a new one is begun"),
        Key("data_feeds.sinks.keep_files", new IntKind(1, 10_000), static o => o.DataFeeds.Sinks.KeepFiles,
            static (o, v) => Sinks(o, o.DataFeeds.Sinks with { KeepFiles = v }), "older files that are kept"),
        Key("data_feeds.sinks.rotate",
            new ChoiceKind<CsvRotation>(("size", CsvRotation.Size), ("daily", CsvRotation.Daily)),
            static o => o.DataFeeds.Sinks.Rotate, static (o, v) => Sinks(o, o.DataFeeds.Sinks with { Rotate = v }),
            "when a new file is begun; daily: with the UTC day"),
        Key("data_feeds.sinks.parquet_path", new TextKind("a path", orNull: true),
            static o => o.DataFeeds.Sinks.ParquetPath,
            static (o, v) => Sinks(o, o.DataFeeds.Sinks with { ParquetPath = v }),
            "folder for feature rows as Parquet, in feature_row/date=/hour=; null: none"),
    ];

    private static ConfigKey[] ProviderKeys =>
    [
        Key("data_feeds.providers.oi", new ChoiceKind<Provider>(Auto, Rest, Off),
            static o => o.DataFeeds.Providers.OpenInterest,
            static (o, v) => Providers(o, o.DataFeeds.Providers with { OpenInterest = v }), "open interest"),
        Key("data_feeds.providers.funding", new ChoiceKind<Provider>(Auto, Rest, Off),
            static o => o.DataFeeds.Providers.Funding,
            static (o, v) => Providers(o, o.DataFeeds.Providers with { Funding = v }), "settled funding rates"),
        Key("data_feeds.providers.basis", new ChoiceKind<Provider>(Auto, Ws, Rest, Off),
            static o => o.DataFeeds.Providers.Basis,
            static (o, v) => Providers(o, o.DataFeeds.Providers with { Basis = v }),
            "mark and index; auto: the stream, and REST while it is stale"),
        Key("data_feeds.providers.liq", new ChoiceKind<Provider>(Auto, Ws, Off),
            static o => o.DataFeeds.Providers.Liquidations,
            static (o, v) => Providers(o, o.DataFeeds.Providers with { Liquidations = v }), "liquidations"),
        Key("data_feeds.providers.depth", new ChoiceKind<Provider>(Auto, Ws, Off),
            static o => o.DataFeeds.Providers.Depth,
            static (o, v) => Providers(o, o.DataFeeds.Providers with { Depth = v }), "the order book"),
    ];

    private static FeedsOptions Sinks(FeedsOptions o, SinksOptions sinks) =>
        o with { DataFeeds = o.DataFeeds with { Sinks = sinks } };

    private static FeedsOptions Providers(FeedsOptions o, ProvidersOptions providers) =>
        o with { DataFeeds = o.DataFeeds with { Providers = providers } };

    private static FeedsOptions Concurrency(FeedsOptions o, ConcurrencyOptions concurrency) =>
        o with { DataFeeds = o.DataFeeds with { Concurrency = concurrency } };
}
