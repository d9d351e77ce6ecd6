namespace Feeds.Engine.Health;

/// <summary>How a feed of a symbol stands.</summary>
public enum FeedState
{
    /// <summary>Fresh.</summary>
    Ok,

    /// <summary>Connected, but its newest value is older than the feed allows.</summary>
    Stale,

    /// <summary>Not connected, or never heard of.</summary>
    Down,

    /// <summary>Not asked for.</summary>
    Off,
}
