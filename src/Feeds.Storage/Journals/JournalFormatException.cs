using Feeds.Core;

namespace Feeds.Storage.Journals;

/// <summary>
/// Bytes that are not what the format says; whoever reads reports them as damage and goes on behind them.
/// </summary>
public class JournalFormatException : FeedsException
{
    /// <summary>Makes a failure with a message for a person.</summary>
    public JournalFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Makes a failure with a message for a person and what caused it.</summary>
    public JournalFormatException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
