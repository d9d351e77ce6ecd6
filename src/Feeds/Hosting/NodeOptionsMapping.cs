using Feeds.Configuration;
using Feeds.Engine;

namespace Feeds.Hosting;

/// <summary>Tells the engine what was configured.</summary>
internal static class NodeOptionsMapping
{
    /// <summary>Returns the engine's options; <paramref name="address"/> is asked when the endpoint listens.</summary>
    public static NodeOptions Of(FeedsOptions o, Func<string> address) => new()
    {
        Symbols = o.DataFeeds.Symbols,
        Interval = TimeSpan.FromSeconds(o.DataFeeds.IntervalSec),
        OpenInterest = o.DataFeeds.Providers.OpenInterest,
        Funding = o.DataFeeds.Providers.Funding,
        Basis = o.DataFeeds.Providers.Basis,
        Liquidations = o.DataFeeds.Providers.Liquidations,
        Depth = o.DataFeeds.Providers.Depth,
        Features = o.DataFeeds.Features,
        ReferenceSymbols = o.Context.ReferenceSymbols,
        Sectors = [.. o.Context.Sectors.Values],
        DepthLevels = o.DataFeeds.DepthLevels,
        DepthStreamLevels = o.DataFeeds.DepthStreamLevels,
        CertifiedBook = o.DataFeeds.CertifiedBook,
        RestBatchSize = o.DataFeeds.Concurrency.RestBatchSize,
        MaxStreamsPerConnection = o.DataFeeds.Concurrency.WsMaxStreams,
        RestUrl = o.Exchange.RestUrl,
        StreamUrl = o.Exchange.StreamUrl,
        Proxy = o.Exchange.Proxy,
        Timeout = TimeSpan.FromSeconds(o.Exchange.TimeoutSec),
        JournalFlushInterval = TimeSpan.FromMilliseconds(o.Journal.FlushMs),
        SnapshotInterval = TimeSpan.FromMinutes(o.Journal.SnapshotMinutes),
        JournalKeepAge = TimeSpan.FromDays(o.Journal.KeepDays),
        JournalKeepBytes = o.Journal.KeepGb * 1_000_000_000L,
        JournalMinFreeBytes = o.Journal.MinFreeGb * 1_000_000_000L,
        Postgres = o.Storage.Postgres?.Reveal(),
        Cluster = o.Cluster.Enabled ? new ClusterMembership(NodeNames.Of(o), address) : null,
        LeaseTtl = TimeSpan.FromSeconds(o.Cluster.LeaseTtlSec),
        DataDirectory = o.Storage.DataDir,
        CsvPath = o.DataFeeds.Sinks.CsvPath,
        CsvRotation = o.DataFeeds.Sinks.Rotate,
        CsvRotateMb = o.DataFeeds.Sinks.RotateMb,
        CsvKeepFiles = o.DataFeeds.Sinks.KeepFiles,
        ParquetPath = o.DataFeeds.Sinks.ParquetPath,
    };
}
