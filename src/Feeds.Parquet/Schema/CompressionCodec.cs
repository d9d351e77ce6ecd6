namespace Feeds.Parquet.Schema;

/// <summary>How pages are compressed; the numbers are those of the format.</summary>
public enum CompressionCodec
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Snappy: fast, modest.</summary>
    Snappy = 1,

    /// <summary>GZIP: DEFLATE with a checksum; read by everything.</summary>
    Gzip = 2,

    /// <summary>Brotli: the smallest and the slowest.</summary>
    Brotli = 4,
}
