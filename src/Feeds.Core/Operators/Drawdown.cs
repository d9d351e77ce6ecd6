namespace Feeds.Core.Operators;

/// <summary>How far a run of prices fell below an earlier one of its own.</summary>
/// <param name="Max">The largest price.</param>
/// <param name="Min">The smallest price.</param>
/// <param name="Deepest">The smallest price / earlier price − 1, at most 0.</param>
public readonly record struct Drawdown(double Max, double Min, double Deepest) : IAggregate<Drawdown>
{
    /// <summary>Returns the drawdown of a single price: 0.</summary>
    public static Drawdown Of(double price) => new(price, price, price - price);

    /// <inheritdoc/>
    public static Drawdown Combine(in Drawdown older, in Drawdown newer) =>
        new(
            Math.Max(older.Max, newer.Max),
            Math.Min(older.Min, newer.Min),
            Math.Min(Math.Min(older.Deepest, newer.Deepest), (newer.Min / older.Max) - 1));
}
