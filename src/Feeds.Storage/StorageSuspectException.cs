namespace Feeds.Storage;

/// <summary>
/// The disk refused to confirm what was written (fsync failed), so nobody knows what it holds. It must not be asked
/// again: the kernel may say yes and have dropped the data. The process has to end with <see cref="ExitCode"/>; the
/// next start reads what is there.
/// </summary>
public sealed class StorageSuspectException : StorageException
{
    /// <summary>The exit code of a process that ends for this reason.</summary>
    public const int ExitCode = 74;

    /// <summary>Makes a failure with a message for a person and what caused it.</summary>
    public StorageSuspectException(string path, string message, Exception inner)
        : base(path, message, inner)
    {
    }

    /// <summary>Makes a failure of a call that comes after the first one.</summary>
    public StorageSuspectException(string path, string message)
        : base(path, message)
    {
    }
}
