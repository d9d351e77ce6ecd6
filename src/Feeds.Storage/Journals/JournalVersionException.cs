using Feeds.Core;

namespace Feeds.Storage.Journals;

/// <summary>A file that a newer version of the program wrote: this one must not guess what is in it.</summary>
public sealed class JournalVersionException : FeedsException
{
    /// <summary>Makes a failure with a message for a person.</summary>
    public JournalVersionException(string message)
        : base(message)
    {
    }
}
