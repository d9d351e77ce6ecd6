namespace Feeds.Core.Market;

/// <summary>The sources of what is known about a symbol; the value is stable, as journals hold it.</summary>
public enum Feed : byte
{
    /// <summary>Order-book levels (<c>depth</c>).</summary>
    Depth = 0,

    /// <summary>Aggregate trades (<c>trades</c>).</summary>
    Trades = 1,

    /// <summary>Best bid and ask (<c>quotes</c>).</summary>
    Quotes = 2,

    /// <summary>Mark and index prices (<c>mark</c>).</summary>
    Mark = 3,

    /// <summary>Closed one-minute bars (<c>bars</c>).</summary>
    Bars = 4,

    /// <summary>Liquidation orders (<c>liq</c>).</summary>
    Liquidations = 5,

    /// <summary>Open interest as polled now (<c>oi</c>).</summary>
    OpenInterest = 6,

    /// <summary>Open-interest statistics, one record per 5 minutes (<c>oi_hist</c>).</summary>
    OpenInterestHistory = 7,

    /// <summary>Settled funding rates (<c>funding</c>).</summary>
    Funding = 8,

    /// <summary>The polled premium index (<c>premium</c>).</summary>
    Premium = 9,

    /// <summary>Long/short and taker ratios (<c>ls_ratio</c>).</summary>
    Ratios = 10,

    /// <summary>The exchange's clock (<c>clock</c>).</summary>
    Clock = 11,

    /// <summary>The node itself (<c>node</c>).</summary>
    Node = 12,

    /// <summary>The symbol's mailbox (<c>lag</c>).</summary>
    Lag = 13,

    /// <summary>Contract listing and status (<c>contract</c>).</summary>
    Contract = 14,
}
