namespace Feeds.Engine;

/// <summary>Where the values of a feed come from.</summary>
public enum Provider
{
    /// <summary>The best source the feed has.</summary>
    Auto,

    /// <summary>The exchange's WebSocket streams.</summary>
    BinanceWs,

    /// <summary>The exchange's REST endpoints.</summary>
    BinanceRest,

    /// <summary>Nowhere: its columns stay empty.</summary>
    Off,
}
