using Feeds.Core;

namespace Feeds.Storage;

/// <summary>
/// Files cannot be used just now: the disk is full or read-only, a folder is gone, a right is missing. Nothing
/// half-written will be taken as good; the same call may be tried again when the cause is gone.
/// </summary>
public class StorageException : FeedsException
{
    /// <summary>Makes a failure with a message for a person.</summary>
    public StorageException(string path, string message)
        : base(message) => Path = path;

    /// <summary>Makes a failure with a message for a person and what caused it.</summary>
    public StorageException(string path, string message, Exception inner)
        : base(message, inner) => Path = path;

    /// <summary>The file or folder that it is about.</summary>
    public string Path { get; }
}
