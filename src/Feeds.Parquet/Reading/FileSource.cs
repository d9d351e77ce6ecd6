using Microsoft.Win32.SafeHandles;

namespace Feeds.Parquet.Reading;

/// <summary>A file, read by position.</summary>
internal sealed class FileSource : IByteSource
{
    private readonly SafeFileHandle _handle;

    public FileSource(string path)
    {
        Name = path;
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Length = RandomAccess.GetLength(_handle);
    }

    public string Name { get; }

    public long Length { get; }

    public bool InMemory => false;

    public ReadOnlyMemory<byte> Read(long offset, int count, Memory<byte> scratch)
    {
        var target = scratch[..count];
        for (var done = 0; done < count;)
        {
            var n = RandomAccess.Read(_handle, target.Span[done..], offset + done);
            if (n == 0)
                throw new ParquetException("the file became shorter while it was read", Name, null, offset + done);
            done += n;
        }

        return target;
    }

    public void Dispose() => _handle.Dispose();
}
