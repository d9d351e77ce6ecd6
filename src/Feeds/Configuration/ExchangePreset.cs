namespace Feeds.Configuration;

/// <summary>Which of the exchange's networks.</summary>
internal enum ExchangePreset
{
    /// <summary>The one with real markets.</summary>
    Live,

    /// <summary>The exchange's test network.</summary>
    Demo,
}
