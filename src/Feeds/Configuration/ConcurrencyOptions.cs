namespace Feeds.Configuration;

/// <summary>The group <c>data_feeds.concurrency</c>.</summary>
internal sealed record ConcurrencyOptions
{
    /// <summary>REST requests at a time, 1…50.</summary>
    public int RestBatchSize { get; init; } = 5;

    /// <summary>Streams on one connection, 1…1024.</summary>
    public int WsMaxStreams { get; init; } = 200;
}
