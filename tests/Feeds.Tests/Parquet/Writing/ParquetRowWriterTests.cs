using Feeds.Parquet.Reading;
using Feeds.Parquet.Schema;
using Feeds.Parquet.Writing;
using Xunit;

namespace Feeds.Tests.Parquet.Writing;

public sealed class ParquetRowWriterTests
{
    private static readonly ParquetSchema Schema = new(
        new ParquetColumn("time", ColumnType.TimestampMs),
        new ParquetColumn("symbol", ColumnType.String) { Nullable = true },
        ParquetColumn.Feature("a"),
        ParquetColumn.Feature("b"),
        new ParquetColumn("count", ColumnType.Int32) { Nullable = true });

    [Fact]
    public void Rows_become_row_groups_of_the_size_asked_for()
    {
        using var file = Write(rows =>
        {
            for (var i = 0; i < 250; i++)
            {
                rows.Set(2, [i, i % 2 == 0 ? double.NaN : 1]);
                rows.Set(0, 1000L + i);
                if (i % 3 > 0) rows.Set(1, i % 3 == 1 ? "BTCUSDT" : null);
                if (i >= 120) rows.Set(4, i);
                rows.EndRow();
            }

            Assert.Equal(250, rows.RowCount);
        });
        Assert.Equal([100, 100, 50], file.RowGroups.Select(g => g.RowCount));
        var row = 0;
        foreach (var group in file.RowGroups)
        {
            var n = (int)group.RowCount;
            var (times, symbols, counts, there, b) = (new long[n], new string?[n], new int[n], new bool[n],
                new double[n]);
            group.Read("time", times);
            group.Read("symbol", symbols);
            group.Read("count", counts, there);
            group.Read("b", b);
            for (var i = 0; i < n; i++, row++)
            {
                Assert.Equal(1000 + row, times[i]);
                Assert.Equal(row % 3 == 1 ? "BTCUSDT" : null, symbols[i]);
                Assert.Equal((row >= 120, row >= 120 ? row : 0), (there[i], counts[i]));
                Assert.Equal(row % 2 == 0 ? double.NaN : 1, b[i]);
            }
        }
    }

    [Fact]
    public void Many_bytes_end_a_row_group_early()
    {
        using var stream = new MemoryStream();
        using (var rows = new ParquetRowWriter(ParquetFileWriter.Create(stream, Schema), 1_000_000, 10_000))
        {
            for (var i = 0; i < 20; i++)
            {
                rows.Set(0, (long)i);
                rows.Set(1, new string('x', 3000));
                rows.EndRow();
            }

            rows.Finish();
        }

        using var file = ParquetFileReader.Open(stream.ToArray());
        Assert.Equal([4, 4, 4, 4, 4], file.RowGroups.Select(g => g.RowCount));
    }

    [Fact]
    public void A_missing_key_a_value_set_twice_and_a_wrong_type_are_refused()
    {
        using var rows = new ParquetRowWriter(ParquetFileWriter.Create(new MemoryStream(), Schema));
        Assert.Throws<InvalidOperationException>(rows.EndRow);
        rows.Set(0, 1L);
        Assert.Throws<InvalidOperationException>(() => rows.Set(0, 2L));
        Assert.Throws<ArgumentException>(() => rows.Set(2, 2L));
        Assert.Throws<InvalidOperationException>(rows.Finish);
    }

    private static ParquetFileReader Write(Action<ParquetRowWriter> write)
    {
        using var stream = new MemoryStream();
        using var rows = new ParquetRowWriter(ParquetFileWriter.Create(stream, Schema), 100);
        write(rows);
        rows.Finish();
        return ParquetFileReader.Open(stream.ToArray());
    }
}
