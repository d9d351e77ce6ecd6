using Feeds.Parquet;
using Feeds.Parquet.Reading;
using Feeds.Parquet.Schema;
using Feeds.Parquet.Writing;
using Xunit;

namespace Feeds.System.Tests.Parquet;

/// <summary>DuckDB reads what we write and we read what DuckDB writes, value for value.</summary>
public sealed class DuckDbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("feeds-parquet-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public async Task DuckDB_reads_our_files_value_for_value()
    {
        await DuckDb.RequireAsync();
        var table = new JudgeTable();
        CompressionCodec?[] codecs = [CompressionCodec.None, CompressionCodec.Snappy, CompressionCodec.Gzip,
            CompressionCodec.Brotli];
        ColumnEncoding?[] encodings =
        [
            null, ColumnEncoding.Plain, ColumnEncoding.Dictionary, ColumnEncoding.DeltaBinaryPacked,
            ColumnEncoding.ByteStreamSplit, ColumnEncoding.Rle, ColumnEncoding.DeltaLengthByteArray,
        ];
        var files = 0;
        foreach (var encoding in encodings)
        {
            files++;
            foreach (var codec in codecs)
            {
                // Either version of pages meets every encoding and every compression.
                var version = 1 + (files++ % 2);
                var options = new ParquetWriterOptions
                {
                    Compression = codec,
                    PageVersion = version,
                    PageRows = 300,
                    Threads = version,
                    Durable = false,
                };
                table.Write(Path.Combine(_folder, $"{encoding}-{codec}-v{version}.parquet"), options, encoding);
            }
        }

        table.Write(Path.Combine(_folder, "small.parquet"),
            new ParquetWriterOptions { Effort = CompressionEffort.Small }, null);
        await DuckDb.RunAsync("dump", _folder);
        var dumps = Directory.GetFiles(_folder, "*.json");
        Assert.Equal((7 * 4) + 1, dumps.Length);
        foreach (var file in dumps) Compare(file, table);
    }

    [Fact]
    public async Task DuckDB_reads_an_empty_file_and_a_file_of_many_columns()
    {
        await DuckDb.RequireAsync();
        using (var empty = ParquetFileWriter.Create(Path.Combine(_folder, "empty.parquet"),
            new ParquetSchema(new ParquetColumn("x", ColumnType.Double))))
            empty.Finish();
        var columns = Enumerable.Range(0, 2000).Select(i => ParquetColumn.Feature($"f{i}"));
        using (var wide = ParquetFileWriter.Create(Path.Combine(_folder, "wide.parquet"), new ParquetSchema(columns)))
        {
            wide.WriteRowGroup([.. Enumerable.Range(0, 2000).Select(i => ColumnValues.Of(new[] { i, double.NaN }))]);
            wide.Finish();
        }

        await DuckDb.RunAsync("dump", _folder);
        Assert.Equal(0, DuckDb.Load(Path.Combine(_folder, "empty.json")).Rows);
        var dump = DuckDb.Load(Path.Combine(_folder, "wide.json"));
        Assert.Equal(2000, dump.Columns.Length);
        for (var i = 0; i < 2000; i++)
            Assert.Equal(new string?[] { CanonicalColumn.Text((double)i), null }, dump.Columns[i]);
    }

    [Fact]
    public async Task We_read_the_files_of_DuckDB_value_for_value_and_refuse_what_we_do_not_speak()
    {
        await DuckDb.RequireAsync();
        await DuckDb.RunAsync("make", _folder);
        var expected = DuckDb.Load(Path.Combine(_folder, "expected.json"));
        var read = 0;
        foreach (var path in Directory.GetFiles(_folder, "V*.parquet"))
        {
            using var file = ParquetFileReader.Open(path);
            Assert.True(file.RowGroups.Count > 1);
            if (path.Contains("zstd", StringComparison.Ordinal) || path.Contains("lz4", StringComparison.Ordinal))
            {
                var error = Assert.Throws<ParquetException>(() => CanonicalColumn.Read(file, 0));
                Assert.Contains(path.Contains("zstd", StringComparison.Ordinal) ? "ZSTD" : "LZ4_RAW", error.Message,
                    StringComparison.Ordinal);
                Assert.Contains("SNAPPY, GZIP, BROTLI or uncompressed", error.Message, StringComparison.Ordinal);
                continue;
            }

            for (var i = 0; i < expected.Names.Length; i++)
            {
                Assert.Equal(expected.Names[i], file.Schema[i].Name);
                Assert.True(expected.Columns[i].AsSpan().SequenceEqual(CanonicalColumn.Read(file, i)),
                    $"{path}: {expected.Names[i]}");
            }

            read++;
        }

        Assert.Equal(16, read);
        var nested = Assert.Throws<ParquetException>(() =>
            ParquetFileReader.Open(Path.Combine(_folder, "nested.parquet")));
        Assert.Contains("flat tables only", nested.Message, StringComparison.Ordinal);
    }

    private static void Compare(string file, JudgeTable table)
    {
        var dump = DuckDb.Load(file);
        Assert.Equal(table.Columns.Select(c => c.Name), dump.Names);
        for (var i = 0; i < dump.Columns.Length; i++)
            Assert.True(table.Expected[i].AsSpan().SequenceEqual(dump.Columns[i]), $"{file}: {dump.Names[i]}");
    }
}
