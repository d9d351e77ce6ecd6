namespace Feeds.Engine.Polling;

/// <summary>How much of the exchange's budgets is used.</summary>
/// <param name="UsedWeight">Weight used in the running UTC minute.</param>
/// <param name="WeightLimit">The most that may be.</param>
/// <param name="UsedFunding">Requests about funding in the last five minutes.</param>
/// <param name="UsedStatistics">Requests for statistics (<c>/futures/data</c>) in the last five minutes.</param>
/// <param name="UnderWay">Requests that were sent and not answered yet.</param>
/// <param name="Waiting">Requests that wait for room in a budget.</param>
/// <param name="Held">Why nothing may be sent now; null when requests may go.</param>
public sealed record RequestBudget(
    int UsedWeight, int WeightLimit, int UsedFunding, int UsedStatistics, int UnderWay, int Waiting, string? Held);
