namespace Feeds.Binance.Rest;

/// <summary>How the REST client reaches the exchange, and its limits.</summary>
public sealed record RestOptions
{
    /// <summary>
    /// The address without a path, such as <c>https://fapi.binance.com</c>; https, or http to this machine.
    /// </summary>
    public required Uri Address { get; init; }

    /// <summary>The HTTP proxy; null for the system's own setting.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>The total time of one try, from the first byte sent to the last byte read.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most bytes of an answer, counted after decompression.</summary>
    public int MaxAnswerBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How often a request is tried when the server fails or does not answer, at least 1.</summary>
    public int MaxTries { get; init; } = 3;

    /// <summary>
    /// The first pause between tries; each further one is twice as long, and a random half of it is taken off.
    /// </summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause between tries.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(15);
}
