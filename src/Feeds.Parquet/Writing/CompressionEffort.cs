namespace Feeds.Parquet.Writing;

/// <summary>What the writer prefers where it measures compression.</summary>
public enum CompressionEffort
{
    /// <summary>None or Snappy, whichever is clearly better.</summary>
    Fast,

    /// <summary>None, Snappy or GZIP; GZIP where it saves a tenth more.</summary>
    Balanced,

    /// <summary>Whatever is smallest, Brotli included.</summary>
    Small,
}
