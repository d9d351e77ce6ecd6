using System.IO.Compression;
using Feeds.Parquet;
using Feeds.Parquet.Buffers;
using Feeds.Parquet.Encodings;
using Feeds.Parquet.Format;
using Feeds.Parquet.Reading;
using Feeds.Parquet.Schema;
using Xunit;

namespace Feeds.Tests.Parquet.Reading;

/// <summary>Files made by hand to hurt: small on disk, enormous in what they claim.</summary>
public sealed class HostileFileTests
{
    private const long MaxBytes = 256L << 20;

    [Fact]
    public void A_page_that_claims_more_than_the_limit_is_refused_before_anything_is_allocated()
    {
        var file = Build(CompressionCodec.Gzip, [1, 2, 3], uncompressed: int.MaxValue, rows: 10);
        Assert.Contains("larger than the limit", Refused(file, 1 << 20), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bomb_is_stopped_at_the_length_that_its_page_states()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize)) gzip.Write(new byte[100_000_000]);
        var file = Build(CompressionCodec.Gzip, packed.ToArray(), uncompressed: 80, rows: 10);
        Assert.Contains("another length", Refused(file, 1 << 20), StringComparison.Ordinal);

        var output = new byte[BrotliEncoder.GetMaxCompressedLength(100_000_000)];
        BrotliEncoder.TryCompress(new byte[100_000_000], output, out var n, 1, 22);
        file = Build(CompressionCodec.Brotli, output[..n], uncompressed: 80, rows: 10);
        Assert.Contains("another length", Refused(file, 1 << 20), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_hundred_million_missing_values_in_a_few_bytes_stay_within_memory()
    {
        const int Rows = 200_000_000;
        using var page = new ByteBuffer();
        page.WriteInt32(0);
        RleEncoder.WriteRun(0, Rows, 1, page);
        page.PatchInt32(0, page.Count - 4);
        var file = Build(CompressionCodec.None, page.Written.ToArray(), page.Count, Rows);
        Assert.Contains("more rows than the limit", Refused(file, 1 << 20), StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_group_of_too_many_rows_is_refused_when_the_file_is_opened()
    {
        var file = Build(CompressionCodec.None, [0], 1, long.MaxValue);
        var error = Assert.Throws<ParquetException>(() => ParquetFileReader.Open(file, "hostile"));
        Assert.Contains("over the limit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_columns_than_the_limit_are_refused()
    {
        var file = Build(CompressionCodec.None, [0], 1, 1);
        var limits = new ParquetLimits { MaxColumns = 0 };
        var error = Assert.Throws<ParquetException>(() => ParquetFileReader.Open(file, "hostile", limits));
        Assert.Contains("1 columns are more than the limit of 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_chain_of_empty_pages_ends()
    {
        using var chunk = new ByteBuffer();
        for (var i = 0; i < 100_000; i++)
            MetadataWriter.WritePageHeader(chunk,
                new PageHeader { Type = PageType.Data, CompressedBytes = 0, UncompressedBytes = 0 });
        var file = BuildFile(CompressionCodec.None, chunk.Written, 10);
        Assert.Contains("10 rows early", Refused(file, 4 << 20), StringComparison.Ordinal);
    }

    private static string Refused(byte[] bytes, long maxBytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var file = ParquetFileReader.Open(bytes, "hostile");
        var error = Assert.Throws<ParquetException>(() =>
        {
            using var column = file.RowGroups[0].OpenColumn<double>(0);
            var values = new double[100];
            while (column.Read(values) > 0)
            {
            }
        });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Math.Min(maxBytes, MaxBytes));
        Assert.Equal("x", error.Column);
        return error.Message;
    }

    private static byte[] Build(CompressionCodec codec, byte[] body, int uncompressed, long rows)
    {
        using var chunk = new ByteBuffer();
        MetadataWriter.WritePageHeader(chunk, new PageHeader
        {
            Type = PageType.Data,
            CompressedBytes = body.Length,
            UncompressedBytes = uncompressed,
            ValueCount = (int)Math.Min(rows, int.MaxValue),
        });
        chunk.Write(body);
        return BuildFile(codec, chunk.Written, rows);
    }

    private static byte[] BuildFile(CompressionCodec codec, ReadOnlySpan<byte> chunk, long rows)
    {
        using var file = new ByteBuffer();
        file.Write("PAR1"u8);
        file.Write(chunk);
        var metadata = new FileMetadata { RowCount = rows };
        var group = new RowGroupMetadata { RowCount = rows };
        var column = new ChunkMetadata
        {
            PhysicalType = (int)PhysicalType.Double,
            Codec = (int)codec,
            ValueCount = rows,
            DataPageOffset = 4,
            CompressedBytes = chunk.Length,
        };
        column.Path.Add("x");
        group.Columns.Add(column);
        metadata.RowGroups.Add(group);
        var start = file.Count;
        MetadataWriter.WriteFooter(file, new ParquetSchema(ParquetColumn.Feature("x")), metadata);
        file.WriteInt32(file.Count - start);
        file.Write("PAR1"u8);
        return file.Written.ToArray();
    }
}
