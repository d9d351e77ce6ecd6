namespace Feeds.Binance.Limits;

/// <summary>How a request ended, as far as the budgets go.</summary>
/// <param name="Status">The HTTP status; 0 when there was no answer.</param>
/// <param name="UsedWeight">What the exchange says is used of the minute's weight; 0 when it says nothing.</param>
/// <param name="RetryAfterTime">Until when it asks us to stay away, epoch ms; 0 when it does not.</param>
/// <param name="BannedUntilTime">Until when its error text says we are banned, epoch ms; 0 when it does not.</param>
public readonly record struct RequestOutcome(
    int Status, int UsedWeight = 0, long RetryAfterTime = 0, long BannedUntilTime = 0);
