namespace Feeds.Binance.Streams;

/// <summary>The path over which a stream is delivered. On the other one it is acknowledged and never comes.</summary>
public enum StreamRoute : byte
{
    /// <summary><c>/public</c>: books and quotes.</summary>
    Public = 0,

    /// <summary><c>/market</c>: everything else.</summary>
    Market = 1,
}
