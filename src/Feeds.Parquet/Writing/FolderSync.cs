using System.Runtime.InteropServices;

namespace Feeds.Parquet.Writing;

/// <summary>
/// Flushes files and a folder's own entries to the disk, so that both survive a power cut. The framework cannot open a
/// folder, hence three calls of the C library; on Windows the file system journals renames by itself.
/// </summary>
internal static class FolderSync
{
    private const int ReadOnly = 0;

    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = Open(System.Text.Encoding.UTF8.GetBytes(folder + '\0'), ReadOnly);
        if (handle < 0) throw Failure(folder);
        try
        {
            if (FSync(handle) != 0) throw Failure(folder);
        }
        finally
        {
            _ = Close(handle);
        }
    }

    // FileStream.Flush(true) says nothing when fsync fails with EIO, so that lost writes would be taken as durable.
    public static void Flush(FileStream file)
    {
        file.Flush(OperatingSystem.IsWindows());
        if (!OperatingSystem.IsWindows() && FSync((int)file.SafeFileHandle.DangerousGetHandle()) != 0)
            throw Failure(file.Name);
    }

    private static IOException Failure(string path) =>
        new($"'{path}' could not be flushed: {Marshal.GetLastPInvokeErrorMessage()}.");

#pragma warning disable SYSLIB1054 // the generated form needs unsafe code, which this library does without
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSync(int handle);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);
#pragma warning restore SYSLIB1054
}
