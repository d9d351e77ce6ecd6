namespace Feeds.Configuration;

/// <summary>The section <c>exchange</c>.</summary>
internal sealed record ExchangeOptions
{
    /// <summary>The live exchange or its test network.</summary>
    public ExchangePreset Preset { get; init; } = ExchangePreset.Live;

    /// <summary>The HTTP proxy for REST and streams; null for the system's own setting.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>The REST address without a path; left at its default, the preset decides.</summary>
    public Uri RestUrl { get; init; } = new("https://fapi.binance.com");

    /// <summary>The stream address without a path; left at its default, the preset decides.</summary>
    public Uri StreamUrl { get; init; } = new("wss://fstream.binance.com");

    /// <summary>Seconds that a request or handshake may take, 1…120.</summary>
    public int TimeoutSec { get; init; } = 10;

    /// <summary>
    /// Returns these options with the preset's addresses in place of those that were left at their defaults.
    /// </summary>
    public ExchangeOptions WithPreset()
    {
        if (Preset == ExchangePreset.Live) return this;
        ExchangeOptions defaults = new();
        return this with
        {
            RestUrl = RestUrl == defaults.RestUrl ? new Uri("https://demo-fapi.binance.com") : RestUrl,
            StreamUrl = StreamUrl == defaults.StreamUrl ? new Uri("wss://demo-fstream.binance.com") : StreamUrl,
        };
    }
}
