using Feeds.Parquet.Reading;
using Feeds.Parquet.Schema;
using Feeds.Parquet.Writing;
using Xunit;

namespace Feeds.Tests.Parquet.Writing;

public sealed class ParquetFileWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("feeds-parquet-").FullName;

    private string PathOf(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void A_file_is_absent_until_it_is_finished()
    {
        var path = PathOf("a.parquet");
        using (var writer = ParquetFileWriter.Create(path, OneColumn()))
        {
            writer.BeginRowGroup(2).Write(0, [1.0, 2.0]);
            Assert.False(File.Exists(path));
            writer.Finish();
            Assert.True(File.Exists(path));
        }

        Assert.Equal([path], Directory.GetFiles(_folder));
        using var file = ParquetFileReader.Open(path);
        Assert.Equal(2, file.RowCount);
    }

    [Fact]
    public void A_file_that_is_not_finished_leaves_nothing_and_keeps_the_older_one()
    {
        var path = PathOf("a.parquet");
        File.WriteAllText(path, "older");
        using (var writer = ParquetFileWriter.Create(path, OneColumn())) writer.BeginRowGroup(1).Write(0, [1.0]);
        Assert.Equal("older", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void What_a_crash_left_behind_is_overwritten()
    {
        File.WriteAllText(PathOf("a.parquet.partial"), new string('x', 10_000));
        using (var writer = ParquetFileWriter.Create(PathOf("a.parquet"), OneColumn())) writer.Finish();
        using var file = ParquetFileReader.Open(PathOf("a.parquet"));
        Assert.Equal(0, file.RowCount);
        Assert.Empty(file.RowGroups);
        Assert.False(File.Exists(PathOf("a.parquet.partial")));
    }

    [Fact]
    public void Two_writers_of_one_file_collide()
    {
        using var first = ParquetFileWriter.Create(PathOf("a.parquet"), OneColumn());
        Assert.Throws<IOException>(() => ParquetFileWriter.Create(PathOf("a.parquet"), OneColumn()));
    }

    [Fact]
    public void Ten_thousand_columns_come_back()
    {
        const int Columns = 10_000;
        var schema = new ParquetSchema(Enumerable.Range(0, Columns).Select(i => ParquetColumn.Feature($"f{i}")));
        using (var writer = ParquetFileWriter.Create(PathOf("wide.parquet"), schema))
        {
            for (var g = 0; g < 2; g++)
            {
                var group = writer.BeginRowGroup(3);
                for (var i = 0; i < Columns; i++) group.Write(i, [i, double.NaN, g]);
            }

            writer.Finish();
        }

        using var file = ParquetFileReader.Open(PathOf("wide.parquet"));
        var values = new double[3];
        for (var i = 0; i < Columns; i += 7)
        {
            file.RowGroups[1].Read($"f{i}", values);
            Assert.Equal([i, double.NaN, 1], values);
        }
    }

    [Fact]
    public void Metadata_and_names_of_any_script_come_back_in_order()
    {
        using var stream = new MemoryStream();
        var schema = new ParquetSchema(new ParquetColumn("größe 日本 😀 \"x\"", ColumnType.Int64));
        using (var writer = ParquetFileWriter.Create(stream, schema))
        {
            writer.AddMetadata("schlüssel", "wert 😀");
            writer.AddMetadata("b", "");
            writer.AddMetadata("b", "again");
            writer.BeginRowGroup(1).Write(0, [5L]);
            writer.Finish();
        }

        using var file = ParquetFileReader.Open(stream.ToArray());
        Assert.Equal("größe 日本 😀 \"x\"", file.Schema[0].Name);
        Assert.Equal(["schlüssel=wert 😀", "b=", "b=again"], file.Metadata.Select(p => p.Key + "=" + p.Value));
        Assert.Equal("", file.FindMetadata("b"));
        Assert.Null(file.FindMetadata("c"));
        Assert.StartsWith("Feeds.Parquet", file.CreatedBy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bytes_do_not_depend_on_the_threads()
    {
        var random = new Random(1);
        var schema = new ParquetSchema(Enumerable.Range(0, 37).Select(i => ParquetColumn.Feature($"f{i}")));
        var columns = schema.Select(_ =>
            ColumnValues.Of(Enumerable.Range(0, 5000).Select(_ => random.NextDouble()).ToArray())).ToArray();
        byte[] Write(int threads)
        {
            using var stream = new MemoryStream();
            using var writer = ParquetFileWriter.Create(stream, schema, new ParquetWriterOptions { Threads = threads });
            writer.WriteRowGroup(columns);
            writer.WriteRowGroup(columns);
            writer.Finish();
            return stream.ToArray();
        }

        Assert.Equal(Write(1), Write(3));
    }

    [Fact]
    public void NaN_is_null_where_the_column_says_so_and_a_value_where_it_does_not()
    {
        using var stream = new MemoryStream();
        var schema = new ParquetSchema(ParquetColumn.Feature("f"),
            new ParquetColumn("d", ColumnType.Double) { Nullable = true });
        using (var writer = ParquetFileWriter.Create(stream, schema))
        {
            var group = writer.BeginRowGroup(3);
            group.Write(1, [1, double.NaN, 3], [true, true, false]);
            group.Write(0, [1, double.NaN, 3], [true, true, false]);
            writer.Finish();
        }

        using var file = ParquetFileReader.Open(stream.ToArray());
        Assert.Equal(2, file.RowGroups[0].Statistics(0).NullCount);
        Assert.Equal(1, file.RowGroups[0].Statistics(1).NullCount);
        var valid = new bool[3];
        var values = new double[3];
        file.RowGroups[0].Read("d", values, valid);
        Assert.Equal([true, true, false], valid);
        Assert.Equal([1, double.NaN, double.NaN], values);
    }

    [Fact]
    public void Text_codes_merge_equal_texts_and_drop_unused_ones()
    {
        using var stream = new MemoryStream();
        var schema = new ParquetSchema(new ParquetColumn("s", ColumnType.String) { Nullable = true });
        using (var writer = ParquetFileWriter.Create(stream, schema))
        {
            writer.BeginRowGroup(5).WriteCodes(0, [3, 1, -1, 2, 1], ["zzz unused", "b", "b", "c"]);
            writer.Finish();
        }

        using var file = ParquetFileReader.Open(stream.ToArray());
        var texts = new string?[5];
        file.RowGroups[0].Read("s", texts);
        Assert.Equal(new string?[] { "c", "b", null, "b", "b" }, texts);
        Assert.True(file.RowGroups[0].Statistics(0).TryGetRange<string>(out var min, out var max));
        Assert.Equal(("b", "c"), (min, max));
    }

    [Fact]
    public void What_does_not_fit_is_said_with_column_and_row()
    {
        using var writer = ParquetFileWriter.Create(PathOf("a.parquet"), new ParquetSchema(
            new ParquetColumn("price", ColumnType.Decimal(6, 2)), new ParquetColumn("x", ColumnType.Double)));
        var group = writer.BeginRowGroup(2);
        Assert.Contains("'price', row 1: 1.234", Throws(() => group.Write(0, [1m, 1.234m])), StringComparison.Ordinal);
        Assert.Contains("'price', row 0: 10000", Throws(() => group.Write(0, [10000m, 1m])), StringComparison.Ordinal);
        Assert.Contains("not nullable", Throws(() => group.Write(1, [1.0, 2], [true, false])),
            StringComparison.Ordinal);
        Assert.Contains("3 values for 2 rows", Throws(() => group.Write(1, [1.0, 2, 3])), StringComparison.Ordinal);
        Assert.Contains("another type", Throws(() => group.Write(1, [1L, 2])), StringComparison.Ordinal);
        group.Write(0, [-9999.99m, 9999.9900m]);
        Assert.Throws<InvalidOperationException>(writer.Finish);
        Assert.Throws<InvalidOperationException>(() => group.Write(0, [1m, 1m]));
        Assert.Throws<InvalidOperationException>(() => writer.BeginRowGroup(1));
        group.Write(1, [1.0, 2]);
        writer.Finish();
        Assert.Throws<InvalidOperationException>(writer.Finish);
    }

    [Fact]
    public void Columns_of_unequal_length_are_refused_on_any_number_of_threads()
    {
        foreach (var threads in new[] { 1, 2 })
        {
            using var writer = ParquetFileWriter.Create(new MemoryStream(), OneColumn(),
                new ParquetWriterOptions { Threads = threads });
            Assert.Throws<ArgumentException>(() => writer.WriteRowGroup([ColumnValues.Of(new[] { 1L })]));
        }
    }

    [Fact]
    public void Measuring_finds_the_layout_that_fits()
    {
        var random = new Random(4);
        var rows = 20_000;
        var times = Enumerable.Range(0, rows).Select(i => 1_700_000_000_000 + (i * 1000L)).ToArray();
        var prices = Enumerable.Range(0, rows).Select(_ => random.Next(200) / 10.0).ToArray();
        var walk = new double[rows];
        for (var i = 1; i < rows; i++) walk[i] = walk[i - 1] + random.NextDouble() - 0.5;
        var schema = new ParquetSchema(
            new ParquetColumn("time", ColumnType.TimestampMs), new ParquetColumn("price", ColumnType.Double),
                new ParquetColumn("walk", ColumnType.Double));
        using var stream = new MemoryStream();
        using (var writer = ParquetFileWriter.Create(stream, schema))
        {
            writer.WriteRowGroup([ColumnValues.Of(times), ColumnValues.Of(prices), ColumnValues.Of(walk)]);
            writer.Finish();
        }

        using var file = ParquetFileReader.Open(stream.ToArray());
        Assert.StartsWith("DeltaBinaryPacked", file.RowGroups[0].Layout(0), StringComparison.Ordinal);
        Assert.StartsWith("RleDictionary", file.RowGroups[0].Layout(1), StringComparison.Ordinal);
        Assert.StartsWith("ByteStreamSplit", file.RowGroups[0].Layout(2), StringComparison.Ordinal);
    }

    private static ParquetSchema OneColumn() => new(new ParquetColumn("x", ColumnType.Double));

    private static string Throws(Action action) => Assert.Throws<ArgumentException>(action).Message;
}
