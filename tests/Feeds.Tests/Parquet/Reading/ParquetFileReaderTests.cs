using System.Globalization;
using System.Text;
using Feeds.Parquet;
using Feeds.Parquet.Reading;
using Feeds.Parquet.Schema;
using Feeds.Parquet.Writing;
using Xunit;

namespace Feeds.Tests.Parquet.Reading;

public sealed class ParquetFileReaderTests
{
    private static readonly byte[] Sample = WriteSample(new ParquetWriterOptions { PageRows = 1000 });

    [Fact]
    public void Row_groups_are_passed_over_by_their_statistics()
    {
        using var file = ParquetFileReader.Open(Sample);
        bool[] May<T>(string column, T from, T to) => [.. file.RowGroups.Select(g => g.MayContain(column, from, to))];
        Assert.Equal([false, true, false], May("time", 10_000L, 19_999L));
        Assert.Equal([true, true, false], May("time", 9_999L, 10_000L));
        Assert.Equal([false, false, false], May("time", -5L, -1L));
        Assert.Equal([false, false, true], May("walk", 25_000.5, 1e9));
        Assert.Equal([true, true, true], May("symbol", "S3", "S4"));
        Assert.Equal([false, false, false], May("symbol", "T", "Z"));
        Assert.Equal([false, true, true], May("price", 100m, 1000m));
        Assert.Throws<ArgumentException>(() => file.RowGroups[0].MayContain("time", 1.0, 2.0));
    }

    [Fact]
    public void Pages_are_told_apart_by_the_page_index()
    {
        using var file = ParquetFileReader.Open(Sample);
        var group = file.RowGroups[1];
        Assert.Equal([new RowRange(2000, 2000)], group.FindRows("time", 12_500L, 13_500L));
        Assert.Equal([new RowRange(0, 10_000)], group.FindRows("noise", 0.4, 0.5));
        Assert.Empty(group.FindRows("time", 30_000L, 40_000L));
        var values = new double[2000];
        var range = group.FindRows("time", 12_500L, 13_500L)[0];
        Assert.Equal(2000, group.Read(file.Schema.Require("walk"), range, values));
        Assert.Equal(12_000, values[0]);
        Assert.Equal(13_999, values[^1]);
    }

    [Fact]
    public void Without_a_page_index_every_row_is_a_candidate()
    {
        using var file = ParquetFileReader.Open(WriteSample(new ParquetWriterOptions
        {
            PageRows = 1000,
            PageIndex = false,
        }));
        Assert.Equal([new RowRange(0, 10_000)], file.RowGroups[1].FindRows("time", 12_500L, 13_500L));
    }

    [Fact]
    public void Statistics_tell_range_and_nulls()
    {
        using var file = ParquetFileReader.Open(Sample);
        var group = file.RowGroups[1];
        Assert.True(group.Statistics(0).TryGetRange<long>(out var from, out var to));
        Assert.Equal((10_000, 19_999), (from, to));
        Assert.Equal(0, group.Statistics(0).NullCount);
        Assert.Equal(1000, group.Statistics(file.Schema.Require("noise")).NullCount);
        Assert.True(group.Statistics(file.Schema.Require("price")).TryGetRange<decimal>(out var low, out var high));
        Assert.Equal((100.00m, 199.99m), (low, high));
        Assert.Throws<ArgumentException>(() => group.Statistics(0).TryGetRange<double>(out _, out _));
    }

    [Fact]
    public void Columns_are_read_side_by_side_by_several_threads()
    {
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, Sample);
        using (var file = ParquetFileReader.Open(path))
        {
            Parallel.For(0, 60, i =>
            {
                var group = file.RowGroups[i % 3];
                var values = new double[group.RowCount];
                group.Read("walk", values);
                for (var row = 0; row < values.Length; row++) Assert.Equal((group.Index * 10_000) + row, values[row]);
            });
        }

        File.Delete(path);
    }

    [Fact]
    public void A_wrong_type_a_missing_column_and_too_little_room_are_errors_of_the_caller()
    {
        using var file = ParquetFileReader.Open(Sample);
        var group = file.RowGroups[0];
        Assert.Throws<ArgumentException>(() => group.Read("walk", new long[10_000]));
        Assert.Throws<ArgumentException>(() => group.Read("nothing", new long[10_000]));
        Assert.Throws<ArgumentException>(() => group.Read("time", new long[9_999]));
        using var column = group.OpenColumn<long>("time");
        Assert.Throws<ArgumentOutOfRangeException>(() => column.Skip(10_001));
    }

    [Theory]
    [InlineData("", "too short")]
    [InlineData("PAR1 no parquet at all", "does not end")]
    [InlineData("PAR1\u0001\u0002\u0003\u0004\u0001\u0001\u0000\u0000PAR1", "longer than the file")]
    public void What_is_no_Parquet_file_is_refused_in_one_sentence(string text, string expected)
    {
        var error = Assert.Throws<ParquetException>(() =>
            ParquetFileReader.Open(Encoding.Latin1.GetBytes(text), "x.parquet"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("x.parquet, offset ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flipped_bit_in_a_page_is_found_by_its_checksum_and_named_with_column_and_offset()
    {
        var bytes = Sample.ToArray();
        bytes[200] ^= 4;
        using var file = ParquetFileReader.Open(bytes, "x.parquet");
        var error = Assert.Throws<ParquetException>(() => file.RowGroups[0].Read("time", new long[10_000]));
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
        Assert.Equal(("x.parquet", "time"), (error.File, error.Column));
        Assert.InRange(error.Offset, 4, 200);
        // The other columns are as good as ever.
        file.RowGroups[0].Read("walk", new double[10_000]);
    }

    private static byte[] WriteSample(ParquetWriterOptions options)
    {
        var random = new Random(9);
        using var stream = new MemoryStream();
        var schema = new ParquetSchema(
            new ParquetColumn("time", ColumnType.TimestampMs),
            new ParquetColumn("symbol", ColumnType.String),
            new ParquetColumn("walk", ColumnType.Double),
            ParquetColumn.Feature("noise"),
            new ParquetColumn("price", ColumnType.Decimal(12, 2)));
        using var rows = new ParquetRowWriter(ParquetFileWriter.Create(stream, schema, options), 10_000);
        for (var i = 0; i < 30_000; i++)
        {
            rows.Set(0, (long)i);
            rows.Set(1, "S" + (i % 7).ToString(CultureInfo.InvariantCulture));
            rows.Set(2, (double)i);
            rows.Set(3, i % 10 == 0 ? double.NaN : random.NextDouble());
            rows.Set(4, i / 100m);
            rows.EndRow();
        }

        rows.Finish();
        return stream.ToArray();
    }
}
