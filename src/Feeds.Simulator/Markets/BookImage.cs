namespace Feeds.Simulator.Markets;

/// <summary>A book as a whole at a moment, best levels first.</summary>
internal sealed record BookImage(long UpdateId, long Time, BookLevel[] Bids, BookLevel[] Asks);
