using Microsoft.Win32.SafeHandles;

namespace Feeds.Storage.Files;

/// <summary>A file of the operating system.</summary>
internal sealed class DiskFile : IStoredFile
{
    private readonly SafeFileHandle _handle;

    public DiskFile(SafeFileHandle handle) => _handle = handle;

    public long Length => RandomAccess.GetLength(_handle);

    public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(_handle, buffer, offset);

    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(_handle, bytes, offset);

    public void SetLength(long length) => RandomAccess.SetLength(_handle, length);

    public void Flush() => RandomAccess.FlushToDisk(_handle);

    public void Dispose() => _handle.Dispose();
}
