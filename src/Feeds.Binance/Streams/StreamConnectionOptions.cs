namespace Feeds.Binance.Streams;

/// <summary>
/// The limits of a stream connection. The defaults keep within the exchange's rules with room to spare.
/// </summary>
public sealed record StreamConnectionOptions
{
    /// <summary>How long the handshake may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often we ping the server.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the answer to our ping may take; after it the connection is dead.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a message may take from its first to its last byte.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the answer to a request may take.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a clean close may take before the connection is cut.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The largest frame in bytes.</summary>
    public int MaxFrameBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>The most streams on the connection, 1…1024.</summary>
    public int MaxStreams { get; init; } = 1024;

    /// <summary>The most stream names in one request; the exchange takes 200.</summary>
    public int NamesPerRequest { get; init; } = 200;

    // The exchange counts pings and pongs as well, and cuts at more than 10 a second.

    /// <summary>The most requests in any second; the exchange allows 10 messages of all sorts.</summary>
    public int RequestsPerSecond { get; init; } = 5;

    /// <summary>The HTTP proxy; null for the system's own setting.</summary>
    public Uri? Proxy { get; init; }
}
