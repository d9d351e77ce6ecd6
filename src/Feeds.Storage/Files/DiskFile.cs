using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Feeds.Storage.Files;

/// <summary>A file of the operating system.</summary>
internal sealed class DiskFile : IStoredFile
{
    private const int Interrupted = 4;

    private readonly SafeFileHandle _handle;

    public DiskFile(SafeFileHandle handle) => _handle = handle;

    public long Length => RandomAccess.GetLength(_handle);

    public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(_handle, buffer, offset);

    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(_handle, bytes, offset);

    public void SetLength(long length) => RandomAccess.SetLength(_handle, length);

    // The runtime's own RandomAccess.FlushToDisk says nothing when fsync fails with EIO, so that lost writes would be
    // taken as durable.
    public void Flush()
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(_handle);
            return;
        }

        while (FlushDescriptor(_handle) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw new IOException($"fsync failed: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
    }

    public void Dispose() => _handle.Dispose();

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FlushDescriptor(SafeFileHandle file);
}
