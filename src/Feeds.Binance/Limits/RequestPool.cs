namespace Feeds.Binance.Limits;

/// <summary>The exchange's separate budgets for requests from one address.</summary>
public enum RequestPool : byte
{
    /// <summary>Weight per UTC clock minute; 2400 unless the exchange says otherwise.</summary>
    Weight = 0,

    /// <summary>Settled funding rates and their terms: 500 requests in 5 minutes.</summary>
    Funding = 1,

    /// <summary>Statistics under <c>/futures/data</c>: 1000 requests in 5 minutes.</summary>
    FuturesData = 2,
}
