using Feeds.Storage.Files;

namespace Feeds.Storage.Journals;

/// <summary>The lock of a journal's folder: one writer at a time, readers take none.</summary>
internal static class JournalLock
{
    public static IDisposable Take(IFileSystem files, string folder)
    {
        string path = Path.Combine(folder, "lock");
        files.CreateFolder(folder);
        try
        {
            return files.Lock(path);
        }
        catch (IOException e) when (files.Exists(path))
        {
            throw new StorageLockedException(
                folder,
                $"the journal in {folder} is being written by another process (its lock {path} is held): stop it, "
                + "or name another data directory",
                e);
        }
    }
}
