namespace Feeds.Simulator.Server;

/// <summary>Kinds of streams that the venue delivers.</summary>
public enum StreamKind
{
    /// <summary><c>@aggTrade</c>.</summary>
    AggregateTrade,

    /// <summary><c>@kline_1m</c> and the other intervals.</summary>
    Kline,

    /// <summary><c>@markPrice</c>, <c>@markPrice@1s</c>.</summary>
    MarkPrice,

    /// <summary><c>@forceOrder</c>.</summary>
    ForceOrder,

    /// <summary><c>@bookTicker</c>.</summary>
    BookTicker,

    /// <summary><c>@depth5</c>, <c>@depth10</c>, <c>@depth20</c>.</summary>
    PartialDepth,

    /// <summary><c>@depth</c>.</summary>
    DiffDepth,

    /// <summary><c>!forceOrder@arr</c>.</summary>
    AllForceOrders,

    /// <summary><c>!markPrice@arr</c>, <c>!markPrice@arr@1s</c>.</summary>
    AllMarkPrices,

    /// <summary><c>!contractInfo</c>.</summary>
    ContractInfo,
}
