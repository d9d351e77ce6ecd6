namespace Feeds.Core.Market;

/// <summary>
/// The other symbols whose one-minute bars a symbol's features use; they come as <see cref="EventKind.ContextBar"/>.
/// </summary>
/// <param name="Market">
/// The reference of beta and correlation (BTCUSDT); null for none. May be the symbol itself.
/// </param>
/// <param name="Second">
/// The second reference of relative strength (ETHUSDT); null for none. May be the symbol itself.
/// </param>
/// <param name="Sector">The members of the symbol's sector, itself included or not; empty when it is in none.</param>
public sealed record ContextSymbols(Symbol? Market, Symbol? Second, IReadOnlyList<Symbol> Sector)
{
    /// <summary>No context: the features that need one are NaN.</summary>
    public static ContextSymbols None { get; } = new(null, null, []);

    /// <summary>True when the bars of this symbol are used.</summary>
    public bool Uses(Symbol symbol) => symbol == Market || symbol == Second || Sector.Contains(symbol);

    /// <summary>True when both name the same symbols in the same order.</summary>
    public bool Equals(ContextSymbols? other) =>
        other is not null && Market == other.Market && Second == other.Second && Sector.SequenceEqual(other.Sector);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Market, Second, Sector.Count);
}
