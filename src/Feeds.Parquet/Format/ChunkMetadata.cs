namespace Feeds.Parquet.Format;

/// <summary>Where the pages of one column in one row group lie, and what they hold; −1 or 0 where the file says
/// nothing.</summary>
internal sealed class ChunkMetadata
{
    public int PhysicalType { get; set; } = -1;

    public List<ParquetEncoding> Encodings { get; } = [];

    public List<string> Path { get; } = [];

    public int Codec { get; set; } = -1;

    public long ValueCount { get; set; } = -1;

    public long UncompressedBytes { get; set; }

    public long CompressedBytes { get; set; } = -1;

    public long DataPageOffset { get; set; } = -1;

    public long DictionaryPageOffset { get; set; } = -1;

    public RawStatistics? Statistics { get; set; }

    public long OffsetIndexOffset { get; set; } = -1;

    public int OffsetIndexLength { get; set; }

    public long ColumnIndexOffset { get; set; } = -1;

    public int ColumnIndexLength { get; set; }

    public bool HasMetadata { get; set; }

    public bool Elsewhere { get; set; }

    public bool Encrypted { get; set; }

    /// <summary>The first byte of the chunk. Some writers state a dictionary offset of 0 when there is none.</summary>
    public long Start =>
        DictionaryPageOffset > 0 && DictionaryPageOffset < DataPageOffset ? DictionaryPageOffset : DataPageOffset;
}
