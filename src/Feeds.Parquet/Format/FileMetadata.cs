namespace Feeds.Parquet.Format;

/// <summary>The footer of a file.</summary>
internal sealed class FileMetadata
{
    public List<SchemaElement> Schema { get; } = [];

    public long RowCount { get; set; }

    public List<RowGroupMetadata> RowGroups { get; } = [];

    public List<KeyValuePair<string, string>> KeyValues { get; } = [];

    public string CreatedBy { get; set; } = "";

    /// <summary>True when the footer states the order of values, without which minima and maxima mean
    /// nothing.</summary>
    public bool HasColumnOrders { get; set; }

    public bool Encrypted { get; set; }
}
