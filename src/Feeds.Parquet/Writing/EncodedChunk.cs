using Feeds.Parquet.Buffers;
using Feeds.Parquet.Format;

namespace Feeds.Parquet.Writing;

/// <summary>One column of one row group, encoded; its offsets count from its own first byte until it is
/// placed.</summary>
internal sealed class EncodedChunk : IDisposable
{
    public ByteBuffer Bytes { get; } = new(1 << 16);

    public ChunkMetadata Metadata { get; } = new();

    public List<PageLocation> Pages { get; } = [];

    /// <summary>Null when the pages cannot be described, or need not be.</summary>
    public ColumnIndex? ColumnIndex { get; set; }

    /// <summary>Makes the offsets count from the file's first byte.</summary>
    public void PlaceAt(long offset)
    {
        Metadata.DataPageOffset += offset;
        if (Metadata.DictionaryPageOffset >= 0) Metadata.DictionaryPageOffset += offset;
        for (var i = 0; i < Pages.Count; i++) Pages[i] = Pages[i] with { Offset = Pages[i].Offset + offset };
    }

    public void Dispose() => Bytes.Dispose();
}
