namespace Feeds.Core.Operators;

/// <summary>The sum of a run of values.</summary>
/// <param name="Sum">The sum.</param>
public readonly record struct Total(double Sum) : IAggregate<Total>
{
    /// <inheritdoc/>
    public static Total Combine(in Total older, in Total newer) => new(older.Sum + newer.Sum);
}
