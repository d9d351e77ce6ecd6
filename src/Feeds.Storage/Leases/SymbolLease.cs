using Feeds.Core.Market;

namespace Feeds.Storage.Leases;

/// <summary>Who owns a symbol.</summary>
/// <param name="Symbol">Which symbol.</param>
/// <param name="Owner">The node's id; null when it was released or never taken. The owner may be dead.</param>
/// <param name="Epoch">Rises by one with each taking and never goes down; 0 before the first.</param>
public sealed record SymbolLease(Symbol Symbol, string? Owner, long Epoch);
