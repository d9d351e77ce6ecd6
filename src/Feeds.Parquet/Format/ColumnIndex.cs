namespace Feeds.Parquet.Format;

/// <summary>Minimum, maximum and nulls of every data page of a chunk.</summary>
internal sealed class ColumnIndex
{
    public List<bool> NullPages { get; } = [];

    public List<byte[]> Min { get; } = [];

    public List<byte[]> Max { get; } = [];

    /// <summary>0 unordered, 1 ascending, 2 descending.</summary>
    public int Order { get; set; }

    public List<long> NullCounts { get; } = [];
}
