using Feeds.Engine;

namespace Feeds.Configuration;

/// <summary>The group <c>data_feeds.providers</c>.</summary>
internal sealed record ProvidersOptions
{
    /// <summary>Open interest; the exchange has it over REST only.</summary>
    public Provider OpenInterest { get; init; } = Provider.BinanceRest;

    /// <summary>Settled funding rates; the exchange has them over REST only.</summary>
    public Provider Funding { get; init; } = Provider.BinanceRest;

    /// <summary>Mark and index.</summary>
    public Provider Basis { get; init; } = Provider.Auto;

    /// <summary>Liquidations; the exchange has them on a stream only.</summary>
    public Provider Liquidations { get; init; } = Provider.BinanceWs;

    /// <summary>Books; taken from the stream only.</summary>
    public Provider Depth { get; init; } = Provider.BinanceWs;
}
