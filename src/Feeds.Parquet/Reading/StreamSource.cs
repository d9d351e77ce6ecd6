namespace Feeds.Parquet.Reading;

/// <summary>A file behind a stream that can seek; one thread at a time reads from it.</summary>
internal sealed class StreamSource(Stream stream, string name) : IByteSource
{
    private readonly Lock _lock = new();

    public string Name => name;

    public long Length { get; } = stream.Length;

    public bool InMemory => false;

    public ReadOnlyMemory<byte> Read(long offset, int count, Memory<byte> scratch)
    {
        var target = scratch[..count];
        lock (_lock)
        {
            stream.Position = offset;
            var read = stream.ReadAtLeast(target.Span, count, throwOnEndOfStream: false);
            if (read < count)
                throw new ParquetException("the file became shorter while it was read", Name, null, offset + read);
        }

        return target;
    }

    // The stream is the caller's.
    public void Dispose()
    {
    }
}
