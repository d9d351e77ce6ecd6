namespace Feeds.Parquet.Writing;

/// <summary>What the writer prefers where it measures compression.</summary>
public enum CompressionEffort
{
    /// <summary>None or Snappy: the fastest to read and to write.</summary>
    Fast,

    /// <summary>None, Snappy, or GZIP where it saves enough for the time that it takes to read.</summary>
    Balanced,

    /// <summary>Whatever is smallest, Brotli included.</summary>
    Small,
}
