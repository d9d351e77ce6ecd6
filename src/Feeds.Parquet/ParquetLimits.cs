namespace Feeds.Parquet;

/// <summary>What a reader accepts before it allocates anything. The defaults fit files of any honest writer.</summary>
public sealed record ParquetLimits
{
    /// <summary>The defaults.</summary>
    public static ParquetLimits Default { get; } = new();

    /// <summary>Bytes of the footer and of one page index; default 64 MiB.</summary>
    public int MaxFooterBytes { get; init; } = 64 << 20;

    /// <summary>Bytes of one page, compressed and not; default 64 MiB.</summary>
    public int MaxPageBytes { get; init; } = 64 << 20;

    /// <summary>Bytes of one dictionary page, decompressed; default 16 MiB.</summary>
    public int MaxDictionaryBytes { get; init; } = 16 << 20;

    /// <summary>Rows of one page; default 2^25.</summary>
    public int MaxPageRows { get; init; } = 1 << 25;

    /// <summary>Columns of a file; default 100,000.</summary>
    public int MaxColumns { get; init; } = 100_000;

    /// <summary>Columns times row groups of a file; default 4,000,000.</summary>
    public int MaxColumnChunks { get; init; } = 4_000_000;

    /// <summary>Rows of one row group; default 2^28.</summary>
    public long MaxRowGroupRows { get; init; } = 1L << 28;
}
