namespace Feeds.Core.Numerics;

/// <summary>
/// State that a snapshot can hold. <see cref="Load"/> of what <see cref="Save"/> wrote gives the same state, to the
/// bit, in an object made with the same arguments; the arguments themselves are not written.
/// </summary>
public interface ISavedState
{
    /// <summary>Writes the state; it is left as it is.</summary>
    void Save(StateWriter writer);

    /// <summary>Replaces the state by a saved one.</summary>
    /// <exception cref="StateFormatException">
    /// The bytes end early or do not fit this object; its state is then undefined.
    /// </exception>
    void Load(ref StateReader reader);
}
