using System.Globalization;
using Feeds.Parquet.Reading;
using Feeds.Parquet.Schema;

namespace Feeds.System.Tests.Parquet;

/// <summary>Columns as one text per value, in the words of <c>duckdb.mjs</c>.</summary>
internal static class CanonicalColumn
{
    public static string?[] Read(ParquetFileReader file, int column)
    {
        var schema = file.Schema[column];
        return schema.Type.Kind switch
        {
            ColumnKind.Boolean => Read<bool>(file, column, v => v ? "true" : "false"),
            ColumnKind.Int32 or ColumnKind.Date =>
                Read<int>(file, column, v => v.ToString(CultureInfo.InvariantCulture)),
            ColumnKind.Int64 or ColumnKind.TimestampUs =>
                Read<long>(file, column, v => v.ToString(CultureInfo.InvariantCulture)),
            ColumnKind.TimestampMs => Read<long>(file, column, v => (v * 1000).ToString(CultureInfo.InvariantCulture)),
            ColumnKind.Float => Read<float>(file, column, Text),
            ColumnKind.Double => Read<double>(file, column, Text),
            ColumnKind.Decimal => Read<decimal>(file, column, v => Text(v, schema.Type.Scale)),
            _ => Read<string>(file, column, v => v),
        };
    }

    public static string Text(double value) => double.IsNaN(value)
        ? "nan"
        : BitConverter.DoubleToUInt64Bits(value).ToString("x", CultureInfo.InvariantCulture);

    public static string Text(float value) => float.IsNaN(value)
        ? "nan"
        : BitConverter.SingleToUInt32Bits(value).ToString("x", CultureInfo.InvariantCulture);

    /// <summary>The value in units of its last digit.</summary>
    public static string Text(decimal value, int scale)
    {
        var text = Math.Abs(value).ToString("F" + scale.ToString(CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture);
        var digits = text.Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        return digits.Length == 0 ? "0" : (value < 0 ? "-" : "") + digits;
    }

    private static string?[] Read<T>(ParquetFileReader file, int column, Func<T, string> text)
    {
        var all = new List<string?>();
        foreach (var group in file.RowGroups)
        {
            var values = new T[group.RowCount];
            var valid = new bool[group.RowCount];
            group.Read(column, values, valid);
            for (var i = 0; i < values.Length; i++) all.Add(valid[i] ? text(values[i]) : null);
        }

        return [.. all];
    }
}
