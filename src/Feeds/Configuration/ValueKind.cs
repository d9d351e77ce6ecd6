namespace Feeds.Configuration;

/// <summary>How values of a kind are read and written.</summary>
internal abstract class ValueKind<T>
{
    /// <summary>What is allowed, so that it reads after "must be": <c>at least 1</c>, <c>true or false</c>.</summary>
    public abstract string Allowed { get; }

    /// <summary>Returns the value as flow YAML that <see cref="TryRead"/> takes back.</summary>
    public abstract string Write(T value);

    /// <summary>
    /// True when the node is a value of this kind; otherwise says what is wrong: <c>must be at least 1</c>.
    /// </summary>
    public abstract bool TryRead(ConfigNode node, out T value, out string error);
}
