using Feeds.Core.Symbols;

namespace Feeds.Storage.Journals;

/// <summary>A symbol as its journal tells of it.</summary>
/// <param name="State">The state after the last event; empty when there is no past.</param>
/// <param name="Rows">Rows of ticks later than what every sink holds for sure, in order.</param>
public sealed record RecoveredSymbol(SymbolState State, IReadOnlyList<TickRows> Rows);
