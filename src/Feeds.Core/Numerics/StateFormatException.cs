namespace Feeds.Core.Numerics;

/// <summary>
/// Saved state that cannot be read: cut short, or with lengths that do not fit. Such a snapshot is ignored.
/// </summary>
public sealed class StateFormatException : FeedsException
{
    /// <summary>Makes a failure with a message for a person.</summary>
    public StateFormatException(string message)
        : base(message)
    {
    }
}
