namespace Feeds.Binance.Limits;

/// <summary>Which request goes first when not all may; a lower one may also use only a share of each budget.</summary>
public enum RequestPriority : byte
{
    /// <summary>For the next tick.</summary>
    Tick = 0,

    /// <summary>To fill a gap in a feed.</summary>
    Gap = 1,

    /// <summary>To warm a symbol up.</summary>
    WarmUp = 2,

    /// <summary>To load history.</summary>
    Backfill = 3,
}
