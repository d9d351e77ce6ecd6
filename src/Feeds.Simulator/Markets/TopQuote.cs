namespace Feeds.Simulator.Markets;

/// <summary>Best bid and best ask with their quantities, in units.</summary>
public readonly record struct TopQuote(
    long UpdateId, long Time, long BidPrice, long BidQuantity, long AskPrice, long AskQuantity);
