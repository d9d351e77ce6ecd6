using System.Globalization;
using Feeds.Parquet.Reading;
using Feeds.Parquet.Schema;
using Feeds.Parquet.Writing;
using Xunit;

namespace Feeds.Tests.Parquet;

/// <summary>One column with values of every sort, written and read back in every way the library has.</summary>
internal sealed class TableCase(ColumnType type, int rows, string nulls, int seed)
{
    public static readonly string[] NullPatterns = ["required", "none", "all", "alternating", "blocks", "random"];

    private readonly Random _random = new(seed);

    /// <summary>Writes the column and compares what is read back, bit by bit.</summary>
    public void Check(ColumnEncoding? encoding, CompressionCodec? compression, int pageVersion, int pageRows)
    {
        var column = new ParquetColumn("value", type)
        {
            Nullable = nulls != "required",
            Encoding = encoding,
            Compression = compression,
        };
        var options = new ParquetWriterOptions { PageVersion = pageVersion, PageRows = pageRows };
        switch (type.Kind)
        {
            case ColumnKind.Boolean:
                Run<bool>(column, options, () => _random.Next(3) == 0, (g, v, f) => g.Write(0, v, f));
                break;
            case ColumnKind.Int32 or ColumnKind.Date:
                Run<int>(column, options, Int, (g, v, f) => g.Write(0, v, f));
                break;
            case ColumnKind.Float:
                Run<float>(column, options, () => (float)Double(), (g, v, f) => g.Write(0, v, f));
                break;
            case ColumnKind.Double: Run<double>(column, options, Double, (g, v, f) => g.Write(0, v, f)); break;
            case ColumnKind.Decimal: Run<decimal>(column, options, Decimal, (g, v, f) => g.Write(0, v, f)); break;
            case ColumnKind.String: Run<string?>(column, options, Text, (g, v, f) => g.Write(0, Holes(v, f))); break;
            default: Run<long>(column, options, Long, (g, v, f) => g.Write(0, v, f)); break;
        }
    }

    private static string?[] Holes(ReadOnlySpan<string?> values, ReadOnlySpan<bool> valid)
    {
        var result = values.ToArray();
        for (var i = 0; i < valid.Length; i++) result[i] = valid[i] ? result[i] : null;
        return result;
    }

    private delegate void WriteColumn<T>(RowGroupWriter group, ReadOnlySpan<T> values, ReadOnlySpan<bool> valid);

    private void Run<T>(ParquetColumn column, ParquetWriterOptions options, Func<T> next, WriteColumn<T> write)
    {
        var values = new T[rows];
        // Stretches of repeats among fresh values: runs, dictionaries and deltas all get something to do.
        for (var i = 0; i < rows; i++)
            values[i] = i > 0 && _random.Next(3) > 0 ? values[_random.Next(Math.Max(0, i - 20), i)] : next();
        var valid = new bool[rows];
        for (var i = 0; i < rows; i++) valid[i] = IsThere(i);

        using var stream = new MemoryStream();
        using (var writer = ParquetFileWriter.Create(stream, new ParquetSchema(column), options))
        {
            write(writer.BeginRowGroup(rows), values, column.Nullable ? valid : default);
            writer.Finish();
        }

        using var reader = ParquetFileReader.Open(stream.ToArray(), "case");
        Assert.Equal(rows, reader.RowCount);
        Assert.Equal(column.Type.Kind, reader.Schema[0].Type.Kind);
        var group = Assert.Single(reader.RowGroups);
        var back = new T[rows];
        var there = new bool[rows];
        Assert.Equal(rows, group.Read(0, back, there));
        for (var i = 0; i < rows; i++) Compare(values[i], valid[i], back[i], there[i], i);
        Assert.Equal(valid.Count(v => !v), group.Statistics(0).NullCount);
        CheckPieces(group, back, there);
    }

    // The same in small pieces and with gaps: positions inside of pages must hold.
    private void CheckPieces<T>(ParquetRowGroup group, T[] expected, bool[] expectedValid)
    {
        using var column = group.OpenColumn<T>("value");
        var buffer = new T[13];
        var flags = new bool[13];
        var at = 0;
        while (at < expected.Length)
        {
            if (_random.Next(3) == 0)
            {
                var skip = _random.Next(0, Math.Min(40, expected.Length - at + 1));
                column.Skip(skip);
                at += skip;
                continue;
            }

            var n = column.Read(buffer, flags);
            Assert.True(n > 0);
            for (var i = 0; i < n; i++) Compare(expected[at + i], expectedValid[at + i], buffer[i], flags[i], at + i);
            at += n;
        }

        Assert.Equal(0, column.Read(buffer));
    }

    private static void Compare<T>(T expected, bool expectedThere, T actual, bool actualThere, int row)
    {
        Assert.True(expectedThere == actualThere, $"row {row}: there is {actualThere}");
        if (!expectedThere) return;
        var same = (expected, actual) switch
        {
            (double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b),
            (float a, float b) => BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b),
            _ => Equals(expected, actual),
        };
        Assert.True(same, string.Create(CultureInfo.InvariantCulture, $"row {row}: {expected} became {actual}"));
    }

    private bool IsThere(int row) => nulls switch
    {
        "all" => false,
        "alternating" => row % 2 == 0,
        "blocks" => row / 97 % 2 == 1,
        "random" => _random.Next(10) > 0,
        _ => true,
    };

    private double Double() => _random.Next(12) switch
    {
        0 => double.NaN,
        1 => double.PositiveInfinity,
        2 => double.NegativeInfinity,
        3 => -0.0,
        4 => double.Epsilon,
        5 => double.MaxValue,
        6 => BitConverter.Int64BitsToDouble(unchecked((long)0xFFF8000000000123)),
        7 => _random.Next(100) / 4.0,
        _ => 100 + _random.NextDouble(),
    };

    private long Long() => _random.Next(8) switch
    {
        0 => long.MinValue,
        1 => long.MaxValue,
        2 => _random.NextInt64(),
        3 => -_random.Next(1000),
        _ => 1_700_000_000_000 + _random.Next(100_000),
    };

    private int Int() => _random.Next(8) switch
    {
        0 => int.MinValue,
        1 => int.MaxValue,
        2 => _random.Next(),
        _ => _random.Next(-1000, 1000),
    };

    private decimal Decimal()
    {
        var units = (decimal)_random.NextInt64(-999_999_999_999_999_999, 999_999_999_999_999_999);
        for (var i = _random.Next(18); i > 0; i--) units = decimal.Truncate(units / 10);
        if (type.Precision >= 28) units *= _random.Next(1, 1_000_000_000);
        for (var i = 0; i < type.Scale; i++) units /= 10;
        return units;
    }

    private string Text() => _random.Next(8) switch
    {
        0 => "",
        1 => "日本語 😀 ñ ß",
        2 => new string('x', _random.Next(300)),
        3 => "\0\n\"'",
        _ => "SYM" + _random.Next(50).ToString(CultureInfo.InvariantCulture) + "USDT",
    };
}
