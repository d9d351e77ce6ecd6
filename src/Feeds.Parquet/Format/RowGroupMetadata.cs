namespace Feeds.Parquet.Format;

internal sealed class RowGroupMetadata
{
    public List<ChunkMetadata> Columns { get; } = [];

    public long RowCount { get; set; }

    public long TotalBytes { get; set; }

    public long CompressedBytes { get; set; }
}
