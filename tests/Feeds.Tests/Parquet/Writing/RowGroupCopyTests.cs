using Feeds.Parquet;
using Feeds.Parquet.Reading;
using Feeds.Parquet.Schema;
using Feeds.Parquet.Writing;
using Xunit;

namespace Feeds.Tests.Parquet.Writing;

/// <summary>Row groups of one file in another, undecoded.</summary>
public sealed class RowGroupCopyTests
{
    private static readonly ParquetSchema Schema = new(
        new ParquetColumn("time", ColumnType.TimestampMs),
        new ParquetColumn("symbol", ColumnType.String),
        ParquetColumn.Feature("feature"),
        new ParquetColumn("price", ColumnType.Decimal(24, 6)) { Nullable = true });

    [Theory]
    [InlineData(null, 1)]
    [InlineData(CompressionCodec.Gzip, 2)]
    [InlineData(CompressionCodec.None, 1)]
    public void Copied_row_groups_hold_what_the_originals_hold(CompressionCodec? codec, int version)
    {
        var options = new ParquetWriterOptions { Compression = codec, PageVersion = version, PageRows = 100 };
        byte[] first = Write(options, 950, 40), second = Write(options, 1, 333);
        using var stream = new MemoryStream();
        using (var writer = ParquetFileWriter.Create(stream, Schema, options))
        {
            // Something before them, so that every place moves; and something of its own behind.
            WriteGroup(writer, 7, 99);
            foreach (var file in new[] { first, second })
            {
                using var source = ParquetFileReader.Open(new MemoryStream(file), "source");
                foreach (var group in source.RowGroups) writer.CopyRowGroup(group);
            }

            WriteGroup(writer, 12, 98);
            writer.Finish();
        }

        using var copy = ParquetFileReader.Open(stream.ToArray());
        Assert.Equal([7L, 950, 40, 1, 333, 12], copy.RowGroups.Select(g => g.RowCount));
        Compare(first, copy.RowGroups.Skip(1).Take(2));
        Compare(second, copy.RowGroups.Skip(3).Take(2));
    }

    [Fact]
    public void Only_the_same_columns_can_be_copied()
    {
        using var source = ParquetFileReader.Open(Write(ParquetWriterOptions.Default, 5));
        ParquetSchema[] others =
        [
            new(Schema.Take(3)),
            new(Schema.Select(c => c.Name == "time" ? c with { Type = ColumnType.Int64 } : c)),
            new(Schema.Select(c => c.Name == "symbol" ? c with { Nullable = true } : c)),
            new(Schema.Select(c => c.Name == "price" ? c with { Type = ColumnType.Decimal(24, 5) } : c)),
            new(Schema.Select(c => c.Name == "feature" ? c with { Name = "Feature" } : c)),
        ];
        foreach (var schema in others)
        {
            using var writer = ParquetFileWriter.Create(new MemoryStream(), schema);
            Assert.Throws<ArgumentException>(() => writer.CopyRowGroup(source.RowGroups[0]));
        }
    }

    [Fact]
    public void A_damaged_footer_is_refused_and_never_copied()
    {
        var good = Write(new ParquetWriterOptions { PageRows = 50 }, 200);
        var random = new Random(5);
        int copied = 0, refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var bytes = good.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--) bytes[random.Next(good.Length)] = (byte)random.Next(256);
            try
            {
                using var source = ParquetFileReader.Open(bytes);
                using var stream = new MemoryStream();
                using var writer = ParquetFileWriter.Create(stream, source.Schema);
                foreach (var group in source.RowGroups) writer.CopyRowGroup(group);
                writer.Finish();
                Assert.InRange(stream.Length, 0, good.Length * 4);
                copied++;
            }
            catch (Exception e) when (e is ParquetException or ArgumentException)
            {
                refused++;
            }
        }

        Assert.True(copied > 0 && refused > 0);
    }

    private static byte[] Write(ParquetWriterOptions options, params int[] groups)
    {
        using var stream = new MemoryStream();
        using var writer = ParquetFileWriter.Create(stream, Schema, options);
        foreach (var rows in groups) WriteGroup(writer, rows, rows);
        writer.Finish();
        return stream.ToArray();
    }

    private static void WriteGroup(ParquetFileWriter writer, int rows, int seed)
    {
        var random = new Random(seed);
        var all = Enumerable.Range(0, rows).ToArray();
        var group = writer.BeginRowGroup(rows);
        group.Write(0, all.Select(i => (seed * 100_000L) + i).ToArray());
        group.Write(1, all.Select(i => "SYM" + (i % 9)).ToArray());
        group.Write(2, all.Select(_ => random.Next(5) == 0 ? double.NaN : random.Next(300) / 8.0).ToArray());
        group.Write(3, all.Select(_ => (decimal)random.Next()).ToArray(), all.Select(i => i % 3 > 0).ToArray());
    }

    private static void Compare(byte[] original, IEnumerable<ParquetRowGroup> copies)
    {
        using var file = ParquetFileReader.Open(original);
        foreach (var (before, after) in file.RowGroups.Zip(copies))
        {
            for (var i = 0; i < Schema.Count; i++)
            {
                Assert.Equal(before.Layout(i), after.Layout(i));
                Assert.Equal(before.Statistics(i).NullCount, after.Statistics(i).NullCount);
            }

            Assert.Equal(Read<long>(before, 0), Read<long>(after, 0));
            Assert.Equal(Read<string>(before, 1), Read<string>(after, 1));
            Assert.Equal(Read<double>(before, 2), Read<double>(after, 2));
            Assert.Equal(Read<decimal>(before, 3), Read<decimal>(after, 3));
            Assert.True(before.Statistics(0).TryGetRange<long>(out var min, out var max));
            Assert.True(after.Statistics(0).TryGetRange<long>(out var copiedMin, out var copiedMax));
            Assert.Equal((min, max), (copiedMin, copiedMax));
            var middle = (min + max) / 2;
            var ranges = before.FindRows("time", middle, middle);
            Assert.Equal(ranges, after.FindRows("time", middle, middle));
            Assert.Equal(before.RowCount > 100, ranges.Sum(r => r.Count) < before.RowCount);
        }
    }

    private static (T Value, bool Valid)[] Read<T>(ParquetRowGroup group, int column)
    {
        var values = new T[group.RowCount];
        var valid = new bool[group.RowCount];
        group.Read(column, values, valid);
        return [.. values.Zip(valid)];
    }
}
