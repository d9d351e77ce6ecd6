namespace Feeds.Binance.Limits;

/// <summary>The budgets of a <see cref="WeightPlanner"/>.</summary>
public sealed record WeightPlannerOptions
{
    /// <summary>Requests under way at a time, at least 1.</summary>
    public int Parallel { get; init; } = 5;

    /// <summary>Weight per UTC minute until the exchange states its own.</summary>
    public int WeightLimit { get; init; } = 2400;

    /// <summary>Requests of the funding pool in any 5 minutes.</summary>
    public int FundingLimit { get; init; } = 500;

    /// <summary>Requests of the futures-data pool in any 5 minutes.</summary>
    public int FuturesDataLimit { get; init; } = 1000;

    /// <summary>
    /// The share of each budget that ticks may use; the rest is room for other processes on this address.
    /// </summary>
    public double TickShare { get; init; } = 0.95;

    /// <summary>The share up to which gaps may use a budget.</summary>
    public double GapShare { get; init; } = 0.85;

    /// <summary>The share up to which warm-up may use a budget.</summary>
    public double WarmUpShare { get; init; } = 0.8;

    /// <summary>The share up to which backfill may use a budget.</summary>
    public double BackfillShare { get; init; } = 0.5;

    /// <summary>
    /// For so long around the turn of a minute a request counts in both minutes, as the exchange's clock and the way
    /// there may put it into either.
    /// </summary>
    public TimeSpan MinuteGuard { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a block (403, 451) lasts until the next try.</summary>
    public TimeSpan BlockedRetry { get; init; } = TimeSpan.FromMinutes(10);
}
