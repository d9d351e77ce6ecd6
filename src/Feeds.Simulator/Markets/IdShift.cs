namespace Feeds.Simulator.Markets;

/// <summary>How far the numbers of a symbol that was listed again lie below those that its seed says.</summary>
/// <param name="Trades">Taken off the ids of trades.</param>
/// <param name="Books">Taken off the update ids of books.</param>
internal readonly record struct IdShift(long Trades, long Books);
