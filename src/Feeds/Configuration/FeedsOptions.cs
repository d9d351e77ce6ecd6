namespace Feeds.Configuration;

/// <summary>
/// Everything that can be configured; the values here are the defaults. <see cref="ConfigKeys"/> names each key.
/// </summary>
internal sealed record FeedsOptions
{
    /// <summary>What is switched on at all.</summary>
    public FeatureFlagsOptions FeatureFlags { get; init; } = new();

    /// <summary>What is watched and where rows go.</summary>
    public DataFeedsOptions DataFeeds { get; init; } = new();

    /// <summary>Where the exchange is.</summary>
    public ExchangeOptions Exchange { get; init; } = new();

    /// <summary>Where things rest.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary>Several nodes that share the symbols.</summary>
    public ClusterOptions Cluster { get; init; } = new();

    /// <summary>What other symbols contribute to a symbol's features.</summary>
    public ContextOptions Context { get; init; } = new();

    /// <summary>The node's own endpoint.</summary>
    public HttpOptions Http { get; init; } = new();

    /// <summary>What is loaded of the past.</summary>
    public HistoryOptions History { get; init; } = new();

    /// <summary>How long the journal is kept.</summary>
    public JournalOptions Journal { get; init; } = new();

    /// <summary>Console and log file.</summary>
    public LoggingOptions Logging { get; init; } = new();
}
