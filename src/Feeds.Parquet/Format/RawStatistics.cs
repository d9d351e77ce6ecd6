namespace Feeds.Parquet.Format;

/// <summary>Statistics as bytes, as the format stores them.</summary>
internal sealed class RawStatistics
{
    /// <summary>Missing values; −1 when not stated.</summary>
    public long NullCount { get; set; } = -1;

    public byte[]? Min { get; set; }

    public byte[]? Max { get; set; }
}
