namespace Feeds.Parquet.Reading;

/// <summary>Where a file's bytes come from; safe for several threads at once.</summary>
internal interface IByteSource : IDisposable
{
    string Name { get; }

    long Length { get; }

    /// <summary>Returns the bytes from a place on. They lie in <paramref name="scratch"/> or in the source itself; the
    /// range was checked against <see cref="Length"/>.</summary>
    ReadOnlyMemory<byte> Read(long offset, int count, Memory<byte> scratch);

    /// <summary>True when <see cref="Read"/> needs no scratch space.</summary>
    bool InMemory { get; }
}
