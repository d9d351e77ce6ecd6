namespace Feeds.Simulator.Markets;

/// <summary>One price of a book with its quantity, in units; quantity 0 deletes the price.</summary>
public readonly record struct BookLevel(long Price, long Quantity);
