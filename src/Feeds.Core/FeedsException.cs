namespace Feeds.Core;

/// <summary>
/// The base of every failure that Feeds itself names; its message says what, which value, and what is allowed.
/// </summary>
public class FeedsException : Exception
{
    /// <summary>Makes a failure with a message for a person.</summary>
    public FeedsException(string message)
        : base(message)
    {
    }

    /// <summary>Makes a failure with a message for a person and what caused it.</summary>
    public FeedsException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
