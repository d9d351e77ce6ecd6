using Feeds.Storage.Sinks;

namespace Feeds.Configuration;

/// <summary>The group <c>data_feeds.sinks</c>.</summary>
internal sealed record SinksOptions
{
    /// <summary>The file of 12-column rows; null for none. Unless it is set, it lies in the data folder.</summary>
    public string? CsvPath { get; init; } = "data/feeds_log.csv";

    /// <summary>The size at which the file is put away, MB (10⁶ bytes), 1…100000.</summary>
    public int RotateMb { get; init; } = 200;

    /// <summary>How many put-away files are kept, 1…10000.</summary>
    public int KeepFiles { get; init; } = 14;

    /// <summary>When the file is put away.</summary>
    public CsvRotation Rotate { get; init; } = CsvRotation.Size;

    /// <summary>The folder of the table of feature rows in Parquet; null for none.</summary>
    public string? ParquetPath { get; init; }
}
