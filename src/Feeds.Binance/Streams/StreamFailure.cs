namespace Feeds.Binance.Streams;

/// <summary>Why a connection could not be made or came to its end.</summary>
public enum StreamFailure : byte
{
    /// <summary>The host was not found, refused, or cut the connection.</summary>
    Network = 0,

    /// <summary>It took longer than allowed to connect, to answer a ping or to finish a message.</summary>
    TimedOut = 1,

    /// <summary>A firewall or geo block refuses us (403, 451).</summary>
    Blocked = 2,

    /// <summary>Too many connections or messages (418, 429).</summary>
    RateLimited = 3,

    /// <summary>The server answered the handshake with another status.</summary>
    HandshakeRefused = 4,

    /// <summary>The server closed the connection, as it does every 24 hours.</summary>
    ClosedByServer = 5,

    /// <summary>A frame was larger than allowed.</summary>
    FrameTooLarge = 6,

    /// <summary>The server broke the protocol.</summary>
    Protocol = 7,
}
