namespace Feeds.Storage.Sinks;

/// <summary>What a <see cref="ParquetRowSink"/> is told.</summary>
public sealed record ParquetRowSinkOptions
{
    /// <summary>The folder that <c>feature_row</c> lies in, such as <c>data/lake</c>. Made when absent.</summary>
    public required string Path { get; init; }

    /// <summary>The time between ticks, ms, above 0.</summary>
    public required long TickMs { get; init; }

    /// <summary>How long rows gather before they are put into their file, ms of ticks; at least one tick.</summary>
    public long PublishMs { get; init; } = 60_000;

    /// <summary>
    /// Rows of a full row group, and the most that wait in memory before they are put into their file.
    /// </summary>
    public int GroupRows { get; init; } = 32_768;
}
