using System.Runtime.InteropServices;
using System.Text;

namespace Feeds.Storage.Files;

/// <summary>The operating system's files.</summary>
internal sealed class DiskFileSystem : IFileSystem
{
    public static DiskFileSystem Instance { get; } = new();

    // Readers of ours are never kept out: everything is shared but the lock file itself.
    public IStoredFile Open(string path, FileMode mode) =>
        new DiskFile(File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));

    public IStoredFile OpenRead(string path) =>
        new DiskFile(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    // FileShare.None is flock(LOCK_EX) on Unix and exclusive opening on Windows; the system releases both with the
    // process.
    public IDisposable Lock(string path) =>
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    public bool Exists(string path) => File.Exists(path);

    public long LengthOf(string path)
    {
        FileInfo file = new(path);
        return file.Exists ? file.Length : -1;
    }

    public IReadOnlyList<string> List(string folder) =>
        Directory.Exists(folder) ? Sorted(Directory.GetFiles(folder)) : [];

    public IReadOnlyList<string> ListFolders(string folder) =>
        Directory.Exists(folder) ? Sorted(Directory.GetDirectories(folder)) : [];

    public void CreateFolder(string folder) => Directory.CreateDirectory(folder);

    public void Move(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path) => File.Delete(path);

    public void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            // NTFS journals names; there is no call for it.
            return;
        }

        int descriptor = OpenFolder(Encoding.UTF8.GetBytes(Path.GetFullPath(folder) + '\0'), 0);
        if (descriptor < 0)
        {
            throw new IOException($"{folder}: the folder cannot be opened (error {Marshal.GetLastPInvokeError()})");
        }

        int result = FlushDescriptor(descriptor);
        int error = Marshal.GetLastPInvokeError();
        _ = CloseDescriptor(descriptor);
        if (result != 0)
        {
            throw new IOException($"{folder}: the folder's names could not be brought to the disk (error {error})");
        }
    }

    public long FreeBytes(string folder) => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;

    private static string[] Sorted(string[] paths)
    {
        Array.Sort(paths, StringComparer.Ordinal);
        return paths;
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenFolder(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FlushDescriptor(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CloseDescriptor(int descriptor);
}
