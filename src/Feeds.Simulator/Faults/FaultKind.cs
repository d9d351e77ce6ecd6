namespace Feeds.Simulator.Faults;

/// <summary>What can be made to go wrong.</summary>
public enum FaultKind
{
    /// <summary>Nothing; how the ledger marks what went out as it should.</summary>
    None,

    /// <summary>Close connections with a close frame.</summary>
    Close,

    /// <summary>Break connections with a TCP reset.</summary>
    Reset,

    /// <summary>Deliver nothing of a stream, silently.</summary>
    Mute,

    /// <summary>Lose a share of messages, or a range of ids.</summary>
    Lose,

    /// <summary>Send a share of messages twice.</summary>
    Duplicate,

    /// <summary>Shuffle messages within a few places.</summary>
    Reorder,

    /// <summary>Damage a share of frames.</summary>
    Garble,

    /// <summary>Deliver late.</summary>
    Delay,

    /// <summary>Stop sending and reading on connections without closing them.</summary>
    HalfOpen,

    /// <summary>Send a connection's bytes one at a time, with a delay after each.</summary>
    Drip,

    /// <summary>Put a share of messages into frames of many megabytes.</summary>
    HugeFrame,

    /// <summary>Refuse new stream connections.</summary>
    RefuseConnections,

    /// <summary>Answer requests with 429.</summary>
    TooManyRequests,

    /// <summary>Answer requests with 418, an IP ban.</summary>
    Ban,

    /// <summary>Answer requests with 403, a firewall.</summary>
    Forbidden,

    /// <summary>Answer requests with 451, a geographic block.</summary>
    GeoBlock,

    /// <summary>Answer a share of requests with 503.</summary>
    ServerError,

    /// <summary>Answer requests late.</summary>
    SlowAnswer,

    /// <summary>Cut a share of answers short.</summary>
    TruncatedAnswer,

    /// <summary>Answer a share of requests with 200 and a web page.</summary>
    HtmlAnswer,

    /// <summary>Answer with a few kilobytes of gzip that unpack to many megabytes.</summary>
    BombAnswer,

    /// <summary>Report a wrong server time.</summary>
    ClockSkew,

    /// <summary>Serve book snapshots that are too old.</summary>
    StaleSnapshot,
}
