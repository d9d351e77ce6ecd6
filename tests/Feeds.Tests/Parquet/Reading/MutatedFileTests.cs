using System.Diagnostics;
using System.Globalization;
using Feeds.Parquet;
using Feeds.Parquet.Reading;
using Feeds.Parquet.Schema;
using Feeds.Parquet.Writing;
using Xunit;

namespace Feeds.Tests.Parquet.Reading;

/// <summary>
/// Damaged files end in a <see cref="ParquetException"/> or in values, never in anything else. With
/// <c>FEEDS_LONG=1</c> in the environment a million files are damaged; <c>FEEDS_SEED</c> sets the seed.
/// </summary>
public sealed class MutatedFileTests(ITestOutputHelper output)
{
    private const long MaxBytesPerFile = 256L << 20;
    private const int MaxRowsRead = 20_000;

    [Fact]
    public void A_mutated_file_is_read_or_refused_and_nothing_else()
    {
        var total = Environment.GetEnvironmentVariable("FEEDS_LONG") == "1" ? 1_000_000 : 20_000;
        var seed = int.Parse(Environment.GetEnvironmentVariable("FEEDS_SEED") ?? "20261121",
            CultureInfo.InvariantCulture);
        var files = BaseFiles();
        foreach (var file in files) ReadAll(file);
        var mutator = new FileMutator(files, seed);
        int refused = 0, placed = 0;
        long worst = 0;
        for (var i = 0; i < total; i++)
        {
            var mutant = mutator.Next();
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ReadAll(mutant);
            }
            catch (ParquetException e)
            {
                refused++;
                if (e.Column is not null && e.Offset >= 0) placed++;
                Assert.Equal("mutant", e.File);
                Assert.StartsWith("mutant", e.Message, StringComparison.Ordinal);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, file {i}: {e}");
            }

            worst = Math.Max(worst, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.True(worst < MaxBytesPerFile, $"seed {seed}, file {i}: {worst} bytes allocated");
        }

        output.WriteLine($"seed {seed}: {total} files, {refused} refused ({placed} with column and offset)");
        output.WriteLine($"most bytes allocated for one: {worst}");
        var peak = Process.GetCurrentProcess().PeakWorkingSet64;
        output.WriteLine($"largest working set of the process: {peak >> 20} MiB");
        // Most damage is noticed; some only changes a value.
        Assert.InRange(refused, total / 4, total - 1);
        Assert.True(placed > total / 20);
    }

    private static void ReadAll(byte[] bytes)
    {
        using var file = ParquetFileReader.Open(bytes, "mutant");
        foreach (var group in file.RowGroups)
        {
            for (var i = 0; i < file.Schema.Count; i++)
            {
                group.Statistics(i);
                switch (file.Schema[i].Type.Kind)
                {
                    case ColumnKind.Boolean: ReadColumn(file, group, i, false, true); break;
                    case ColumnKind.Int32 or ColumnKind.Date: ReadColumn(file, group, i, 0, 100); break;
                    case ColumnKind.Float: ReadColumn(file, group, i, 0f, 1f); break;
                    case ColumnKind.Double: ReadColumn(file, group, i, 0d, 1d); break;
                    case ColumnKind.Decimal: ReadColumn(file, group, i, 0m, 0m); break;
                    case ColumnKind.String: ReadColumn(file, group, i, "a", "b"); break;
                    default: ReadColumn(file, group, i, 0L, 5L); break;
                }
            }
        }
    }

    private static void ReadColumn<T>(ParquetFileReader file, ParquetRowGroup group, int column, T from, T to)
    {
        using var reader = group.OpenColumn<T>(column);
        Span<bool> valid = stackalloc bool[300];
        var values = new T[300];
        for (var rows = 0; rows < MaxRowsRead;)
        {
            var n = reader.Read(values, valid);
            if (n == 0) break;
            rows += n;
        }

        using var skipping = group.OpenColumn<T>(column);
        skipping.Skip(Math.Min(100, skipping.RowsLeft));
        skipping.Read(values.AsSpan(0, 7));
        group.Statistics(column).TryGetRange<T>(out _, out _);
        // A column's name may be damaged into that of another type.
        if (file.Schema.IndexOf(file.Schema[column].Name) == column) group.FindRows(file.Schema[column].Name, from, to);
    }

    private static List<byte[]> BaseFiles()
    {
        var files = new List<byte[]>();
        CompressionCodec[] codecs = [CompressionCodec.None, CompressionCodec.Snappy, CompressionCodec.Gzip,
            CompressionCodec.Brotli];
        foreach (var codec in codecs)
        {
            foreach (var version in new[] { 1, 2 })
            {
                // Checksums would stop most damage before it reaches a decoder.
                files.Add(Write(new ParquetWriterOptions
                {
                    Compression = codec,
                    PageVersion = version,
                    PageRows = 64,
                    Checksums = false,
                }));
            }
        }

        files.Add(Write(new ParquetWriterOptions { PageRows = 64 }));
        return files;
    }

    private static byte[] Write(ParquetWriterOptions options)
    {
        const int Rows = 150;
        ParquetColumn Make(string name, ColumnType type, ColumnEncoding? encoding, bool nullable) =>
            new(name, type) { Encoding = encoding, Nullable = nullable };
        var schema = new ParquetSchema(
            Make("flag", ColumnType.Boolean, ColumnEncoding.Rle, true),
            Make("bit", ColumnType.Boolean, null, false),
            Make("int", ColumnType.Int32, ColumnEncoding.DeltaBinaryPacked, true),
            Make("time", ColumnType.TimestampMs, ColumnEncoding.DeltaBinaryPacked, false),
            Make("codes", ColumnType.Int64, ColumnEncoding.Dictionary, true),
            Make("double", ColumnType.Double, ColumnEncoding.ByteStreamSplit, true),
            Make("plain", ColumnType.Double, ColumnEncoding.Plain, false),
            Make("float", ColumnType.Float, ColumnEncoding.Dictionary, false),
            Make("dec", ColumnType.Decimal(18, 4), ColumnEncoding.DeltaBinaryPacked, false),
            Make("decs", ColumnType.Decimal(28, 4), ColumnEncoding.Plain, true),
            Make("text", ColumnType.String, ColumnEncoding.Dictionary, true),
            Make("texts", ColumnType.String, ColumnEncoding.DeltaLengthByteArray, false));
        using var stream = new MemoryStream();
        using var writer = ParquetFileWriter.Create(stream, schema, options);
        using var rows = new ParquetRowWriter(writer, 100);
        writer.AddMetadata("key", "value");
        var random = new Random(3);
        for (var i = 0; i < Rows; i++)
        {
            var there = i % 5 != 2;
            if (there) rows.Set(0, i / 40 % 2 == 0);
            rows.Set(1, i % 3 == 0);
            if (there) rows.Set(2, random.Next(1000));
            rows.Set(3, 1_700_000_000_000 + (i * 1000L));
            if (there) rows.Set(4, i / 7 % 9L);
            if (there) rows.Set(5, random.NextDouble());
            rows.Set(6, i / 8.0);
            rows.Set(7, i % 6 / 2f);
            rows.Set(8, i / 4m);
            if (there) rows.Set(9, i * 1_000_000_000_000_000.25m);
            if (there) rows.Set(10, "SYM" + (i % 4).ToString(CultureInfo.InvariantCulture));
            rows.Set(11, new string('ä', i % 20));
            rows.EndRow();
        }

        rows.Finish();
        return stream.ToArray();
    }
}
