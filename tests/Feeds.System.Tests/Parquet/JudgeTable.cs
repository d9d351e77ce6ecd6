using System.Globalization;
using Feeds.Parquet.Schema;
using Feeds.Parquet.Writing;

namespace Feeds.System.Tests.Parquet;

/// <summary>A table of every type, written by us for DuckDB to read, and what it must read.</summary>
internal sealed class JudgeTable
{
    private const int Rows = 1500;

    private readonly List<ParquetColumn> _columns = [];
    private readonly List<ColumnValues> _values = [];
    private readonly Random _random = new(11);
    private readonly bool[] _valid = new bool[Rows];

    public JudgeTable()
    {
        for (var i = 0; i < Rows; i++) _valid[i] = i % 7 != 3 && i is < 500 or > 900;
        foreach (var nullable in new[] { false, true })
        {
            var suffix = nullable ? "_nulls" : "";
            Add("flag" + suffix, ColumnType.Boolean, nullable, i => i % 3 == 0, ColumnValues.Of, v => v ? "true"
                : "false");
            Add("int" + suffix, ColumnType.Int32, nullable, i => Odd(i, int.MinValue, int.MaxValue, _random.Next()),
                ColumnValues.Of, Whole);
            Add("long" + suffix, ColumnType.Int64, nullable, i =>
                Odd(i, long.MinValue, long.MaxValue, _random.NextInt64()), ColumnValues.Of, Whole);
            Add("sorted" + suffix, ColumnType.Int64, nullable, i => 1_700_000_000_000 + (i * 60_000L), ColumnValues.Of,
                Whole);
            Add("float" + suffix, ColumnType.Float, nullable, i =>
                Odd(i, float.NaN, float.PositiveInfinity, _random.NextSingle()), ColumnValues.Of, CanonicalColumn.Text);
            Add("double" + suffix, ColumnType.Double, nullable, i =>
                Odd(i, double.NegativeInfinity, -0.0, _random.NextDouble()), ColumnValues.Of, CanonicalColumn.Text);
            Add("few" + suffix, ColumnType.Double, nullable, i => (i / 5 % 30) / 4.0, ColumnValues.Of,
                CanonicalColumn.Text);
            Add("dec18" + suffix, ColumnType.Decimal(18, 8), nullable, i => (i - 700) / 3125m, ColumnValues.Of, v =>
                CanonicalColumn.Text(v, 8));
            Add("dec28" + suffix, ColumnType.Decimal(28, 6), nullable, i => (i - 700) * 12345678901234.567891m,
                ColumnValues.Of, v => CanonicalColumn.Text(v, 6));
            Add("day" + suffix, ColumnType.Date, nullable, i => i - 700, ColumnValues.Of, Whole);
            Add("ms" + suffix, ColumnType.TimestampMs, nullable, i => 1_700_000_000_123 + i, ColumnValues.Of, v =>
                Whole(v * 1000));
            Add("us" + suffix, ColumnType.TimestampUs, nullable, i => 1_700_000_000_123_456 + (i * 17L),
                ColumnValues.Of, Whole);
            AddText("text" + suffix, nullable, Odd);
            AddText("texts" + suffix, nullable, i => "distinct " + Whole(i));
        }
    }

    public List<string?[]> Expected { get; } = [];

    public IReadOnlyList<ParquetColumn> Columns => _columns;

    /// <summary>Writes the table in two row groups; an encoding is used wherever it fits the type.</summary>
    public void Write(string path, ParquetWriterOptions options, ColumnEncoding? encoding)
    {
        var columns = _columns.Select(c => c with { Encoding = Fits(c, encoding) ? encoding : null });
        using var writer = ParquetFileWriter.Create(path, new ParquetSchema(columns), options);
        writer.AddMetadata("purpose", "to be judged");
        writer.WriteRowGroup(_values);
        writer.WriteRowGroup(_values);
        writer.Finish();
    }

    private static bool Fits(ParquetColumn column, ColumnEncoding? encoding)
    {
        if (encoding is not { } e) return false;
        // DuckDB reads byte streams of floating point only; that is why the writer chooses them for nothing else.
        if (e == ColumnEncoding.ByteStreamSplit) return column.Type.Kind is ColumnKind.Float or ColumnKind.Double;
        try
        {
            _ = new ParquetSchema(column with { Encoding = e });
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string Odd(int row) => (row % 5) switch
    {
        0 => "",
        1 => "日本語 😀",
        2 => "ß\u0000x",
        _ => "SYM" + Whole(row % 60),
    };

    private static T Odd<T>(int row, T first, T second, T usual) => row switch { 0 => first, 1 => second, _ => usual };

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    private void Add<T>(
        string name,
        ColumnType type,
        bool nullable,
        Func<int, T> value,
        Func<ReadOnlyMemory<T>, ReadOnlyMemory<bool>, ColumnValues> make,
        Func<T, string> text)
    {
        var values = Enumerable.Range(0, Rows).Select(value).ToArray();
        _columns.Add(new ParquetColumn(name, type) { Nullable = nullable });
        _values.Add(make(values, nullable ? _valid : default(ReadOnlyMemory<bool>)));
        Expect(i => nullable && !_valid[i] ? null : text(values[i]));
    }

    private void AddText(string name, bool nullable, Func<int, string> value)
    {
        var values = Enumerable.Range(0, Rows).Select(i => nullable && !_valid[i] ? null : value(i)).ToArray();
        _columns.Add(new ParquetColumn(name, ColumnType.String) { Nullable = nullable });
        _values.Add(ColumnValues.Of(values));
        Expect(i => values[i]);
    }

    private void Expect(Func<int, string?> text)
    {
        var once = Enumerable.Range(0, Rows).Select(text).ToArray();
        Expected.Add([.. once, .. once]);
    }
}
