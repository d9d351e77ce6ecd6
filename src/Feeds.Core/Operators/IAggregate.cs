namespace Feeds.Core.Operators;

/// <summary>
/// What is known of a run of values, such that two neighbouring runs can be joined. Made of doubles only.
/// </summary>
/// <typeparam name="T">The aggregate itself.</typeparam>
public interface IAggregate<T>
    where T : unmanaged, IAggregate<T>
{
    /// <summary>Returns what is known of the joined run; NaN in either must give NaN.</summary>
    static abstract T Combine(in T older, in T newer);
}
