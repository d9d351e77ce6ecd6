namespace Feeds.Storage;

/// <summary>
/// Another process, or another part of this one, is the writer already. Trying again helps only after it has ended.
/// </summary>
public sealed class StorageLockedException : StorageException
{
    /// <summary>Makes a failure with a message for a person.</summary>
    public StorageLockedException(string path, string message, Exception inner)
        : base(path, message, inner)
    {
    }
}
