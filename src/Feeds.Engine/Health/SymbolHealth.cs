namespace Feeds.Engine.Health;

/// <summary>How a symbol stands.</summary>
public enum SymbolHealth
{
    /// <summary>Started, and its second row is not due yet.</summary>
    Starting,

    /// <summary>Every required feed is fresh.</summary>
    Ok,

    /// <summary>A required feed was not fresh at the two newest ticks.</summary>
    Degraded,

    /// <summary>The exchange does not trade it; not an error.</summary>
    Inactive,

    /// <summary>Its actor failed too often and was set aside.</summary>
    Parked,

    /// <summary>Its actor was stopped by an operator.</summary>
    Stopped,
}
