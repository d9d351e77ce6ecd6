namespace Feeds.Binance.Limits;

/// <summary>
/// Asks whether a request may be paid out of a budget that several nodes behind one address share. Called under the
/// planner's lock: it answers at once from what was reserved before, and when that is not enough says no and reserves
/// more; the planner asks again soon.
/// </summary>
/// <param name="pool">Out of which budget.</param>
/// <param name="weight">How much.</param>
/// <param name="allowed">The most that all nodes together may have used of the budget after it.</param>
/// <param name="exchangeTime">Epoch ms by the exchange's clock: budgets turn by its minute.</param>
/// <returns>True when it is paid.</returns>
public delegate bool SharedBudget(RequestPool pool, int weight, int allowed, long exchangeTime);
