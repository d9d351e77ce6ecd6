namespace Feeds.Binance.Limits;

/// <summary>Why all requests wait.</summary>
public enum HoldReason : byte
{
    /// <summary>They do not.</summary>
    None = 0,

    /// <summary>Too many requests (429).</summary>
    RateLimited = 1,

    /// <summary>This address is banned for a while (418).</summary>
    Banned = 2,

    /// <summary>A firewall or geo block refuses us (403, 451); one try every ten minutes.</summary>
    Blocked = 3,
}
