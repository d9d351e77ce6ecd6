namespace Feeds.Core.Operators;

/// <summary>The largest and the smallest of a run of values.</summary>
/// <param name="Max">The largest.</param>
/// <param name="Min">The smallest.</param>
public readonly record struct Extremes(double Max, double Min) : IAggregate<Extremes>
{
    // Math.Max and Math.Min give NaN when either is.

    /// <inheritdoc/>
    public static Extremes Combine(in Extremes older, in Extremes newer) =>
        new(Math.Max(older.Max, newer.Max), Math.Min(older.Min, newer.Min));
}
