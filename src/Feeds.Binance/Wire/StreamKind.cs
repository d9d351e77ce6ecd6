namespace Feeds.Binance.Wire;

/// <summary>The kinds of streams that are understood.</summary>
public enum StreamKind : byte
{
    /// <summary>None, or one that is not understood.</summary>
    Unknown = 0,

    /// <summary>The best 5, 10 or 20 levels, whole each time (<c>@depth20@100ms</c>).</summary>
    PartialDepth = 1,

    /// <summary>Changes of the book (<c>@depth@100ms</c>).</summary>
    DiffDepth = 2,

    /// <summary>Best bid and ask (<c>@bookTicker</c>).</summary>
    Quotes = 3,

    /// <summary>Aggregate trades (<c>@aggTrade</c>).</summary>
    Trades = 4,

    /// <summary>Mark and index price (<c>@markPrice@1s</c>).</summary>
    Mark = 5,

    /// <summary>One-minute bars (<c>@kline_1m</c>).</summary>
    Bars = 6,

    /// <summary>Liquidation orders of one symbol (<c>@forceOrder</c>) or of all (<c>!forceOrder@arr</c>).</summary>
    Liquidations = 7,

    /// <summary>Listings and changes of contracts (<c>!contractInfo</c>).</summary>
    Contracts = 8,
}
