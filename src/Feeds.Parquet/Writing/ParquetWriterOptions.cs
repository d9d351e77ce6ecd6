using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Writing;

/// <summary>How a file is written, where a column does not say otherwise.</summary>
public sealed record ParquetWriterOptions
{
    /// <summary>The defaults.</summary>
    public static ParquetWriterOptions Default { get; } = new();

    /// <summary>The compression of all columns; null measures per column, as <see cref="Effort"/> says.</summary>
    public CompressionCodec? Compression { get; init; }

    /// <summary>What measuring prefers; default <see cref="CompressionEffort.Balanced"/>.</summary>
    public CompressionEffort Effort { get; init; } = CompressionEffort.Balanced;

    /// <summary>Rows of one data page, 8 to 2^24; default 20,000. Smaller pages prune better, larger ones pack
    /// better.</summary>
    public int PageRows { get; init; } = 20_000;

    /// <summary>Bytes of plain values at which a data page is cut before it has its rows; default 1 MiB.</summary>
    public int PageBytes { get; init; } = 1 << 20;

    /// <summary>Data page version, 1 or 2; default 1, which everything reads.</summary>
    public int PageVersion { get; init; } = 1;

    /// <summary>True (default) when offset and column index are written for chunks of more than one page.</summary>
    public bool PageIndex { get; init; } = true;

    /// <summary>True when every page carries a CRC-32 of its stored bytes, checked when read; default true.</summary>
    public bool Checksums { get; init; } = true;

    /// <summary>Threads that encode the columns of one <c>WriteRowGroup</c>; 1 (default) encodes on the caller's.
    /// The bytes written do not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>True (default) when a finished file and its folder are flushed to the disk.</summary>
    public bool Durable { get; init; } = true;

    internal void Validate()
    {
        if (Compression is { } codec && !Enum.IsDefined(codec))
            throw new ArgumentException($"Unknown compression {(int)codec}.");
        ArgumentOutOfRangeException.ThrowIfLessThan(PageRows, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PageRows, 1 << 24);
        ArgumentOutOfRangeException.ThrowIfLessThan(PageBytes, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PageBytes, 1 << 28);
        ArgumentOutOfRangeException.ThrowIfLessThan(PageVersion, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PageVersion, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
    }
}
