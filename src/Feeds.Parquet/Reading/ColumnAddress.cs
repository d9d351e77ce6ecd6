using Feeds.Parquet.Format;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Reading;

/// <summary>One column of one row group: where it lies, and what it is.</summary>
internal sealed record ColumnAddress(
    IByteSource Source, long DataEnd, ParquetLimits Limits, ParquetColumn Column, ChunkMetadata Chunk, long RowCount)
{
    /// <summary>Checks everything the footer says about the chunk before any of it is believed.</summary>
    public void Validate()
    {
        if (Column.Type.Kind == ColumnKind.Unsupported)
            throw Fail($"its type ({Column.Type.Physical}) is none that this library reads", Chunk.Start);
        if (!Chunk.HasMetadata) throw Fail("the footer does not describe this column", DataEnd);
        if (Chunk.Elsewhere) throw Fail("its data lies in another file", DataEnd);
        if (Chunk.Encrypted) throw Fail("it is encrypted", DataEnd);
        if (Chunk.PhysicalType != (int)Column.Type.Physical)
            throw Fail("its type differs between schema and row group", DataEnd);
        if (Chunk.ValueCount != RowCount)
            throw Fail($"{Chunk.ValueCount} values for {RowCount} rows", DataEnd);
        if (Chunk.Start < 4 || Chunk.CompressedBytes < 0 || Chunk.CompressedBytes > DataEnd - Chunk.Start)
            throw Fail($"its {Chunk.CompressedBytes} bytes lie outside of the file", Chunk.Start);
        if (!Enum.IsDefined((CompressionCodec)Chunk.Codec)) throw Fail(ForeignCodec(), Chunk.Start);
    }

    public ParquetException Fail(string message, long offset, Exception? cause = null) =>
        new(message, Source.Name, Column.Name, offset, cause);

    private string ForeignCodec()
    {
        var name = Chunk.Codec switch
        {
            3 => "LZO",
            5 => "LZ4",
            6 => "ZSTD",
            7 => "LZ4_RAW",
            _ => $"an unknown codec ({Chunk.Codec})",
        };
        return $"it is compressed with {name}, which this library does not read; "
            + "write it with SNAPPY, GZIP, BROTLI or uncompressed";
    }
}
