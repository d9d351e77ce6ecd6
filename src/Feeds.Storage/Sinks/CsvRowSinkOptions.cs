namespace Feeds.Storage.Sinks;

/// <summary>What a <see cref="CsvRowSink"/> is told.</summary>
public sealed record CsvRowSinkOptions
{
    /// <summary>The file that is written, such as <c>data/feeds_log.csv</c>. Its folder is made when absent.</summary>
    public required string Path { get; init; }

    /// <summary>When the file is put away.</summary>
    public CsvRotation Rotation { get; init; } = CsvRotation.Size;

    /// <summary>
    /// The most bytes of a file under <see cref="CsvRotation.Size"/>, above 0; a file holds at least one row.
    /// </summary>
    public long RotateBytes { get; init; } = 200_000_000;

    /// <summary>How many put-away files are kept, at least 1; the oldest go first.</summary>
    public int KeepFiles { get; init; } = 14;
}
