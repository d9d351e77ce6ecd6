namespace Feeds.Storage.Files;

/// <summary>The lock of a node's data folder: one process at a time.</summary>
public static class FolderLocks
{
    /// <summary>
    /// Takes the lock of a folder, which is made when absent; it is let go when disposed, or when the process ends.
    /// </summary>
    /// <exception cref="StorageLockedException">Another process has it.</exception>
    public static IDisposable Take(string folder)
    {
        string path = Path.Combine(folder, "lock");
        DiskFileSystem.Instance.CreateFolder(folder);
        try
        {
            return DiskFileSystem.Instance.Lock(path);
        }
        catch (IOException e) when (DiskFileSystem.Instance.Exists(path))
        {
            throw new StorageLockedException(
                folder, $"{folder} is in use by another process (its lock {path} is held): stop it, or name "
                + "another data directory", e);
        }
    }
}
