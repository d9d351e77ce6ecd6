namespace Feeds.Parquet.Reading;

/// <summary>A file whose bytes are in memory already.</summary>
internal sealed class MemorySource(ReadOnlyMemory<byte> bytes, string name) : IByteSource
{
    public string Name => name;

    public long Length => bytes.Length;

    public bool InMemory => true;

    public ReadOnlyMemory<byte> Read(long offset, int count, Memory<byte> scratch) => bytes.Slice((int)offset, count);

    public void Dispose()
    {
    }
}
