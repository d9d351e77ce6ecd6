namespace Feeds.Binance.Limits;

/// <summary>What a request takes from which budget.</summary>
/// <param name="Pool">The budget.</param>
/// <param name="Weight">Weight in the weight pool; 1 (a request) in the others.</param>
public readonly record struct RequestCost(RequestPool Pool, int Weight)
{
    /// <summary>A cost in the weight pool.</summary>
    public static RequestCost OfWeight(int weight) => new(RequestPool.Weight, weight);

    /// <summary>One request of the funding pool.</summary>
    public static RequestCost Funding => new(RequestPool.Funding, 1);

    /// <summary>One request of the futures-data pool.</summary>
    public static RequestCost FuturesData => new(RequestPool.FuturesData, 1);
}
