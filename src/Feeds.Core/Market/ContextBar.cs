namespace Feeds.Core.Market;

/// <summary>A closed one-minute bar of another symbol, as it enters the journal of the symbol that uses it.</summary>
/// <param name="Symbol">Whose bar it is.</param>
/// <param name="Bar">The bar.</param>
public sealed record ContextBar(Symbol Symbol, Bar Bar);
