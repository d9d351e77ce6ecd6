using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Reading;

/// <summary>Finds the decoder for a column and the .NET type it is asked for.</summary>
internal static class ValueReaders
{
    /// <exception cref="ArgumentException">The column does not hold values of that type.</exception>
    public static ValueReader<T> For<T>(ParquetColumn column)
    {
        object? reader = (column.Type.Kind, typeof(T)) switch
        {
            (ColumnKind.Boolean, var t) when t == typeof(bool) => new BooleanReader(),
            (ColumnKind.Int32 or ColumnKind.Date, var t) when t == typeof(int) => new NumberReader<int>(),
            (ColumnKind.Int64 or ColumnKind.TimestampMs or ColumnKind.TimestampUs, var t) when t == typeof(long) =>
                new NumberReader<long>(),
            (ColumnKind.Float, var t) when t == typeof(float) => new NumberReader<float>(),
            (ColumnKind.Double, var t) when t == typeof(double) => new NumberReader<double>(),
            (ColumnKind.Decimal, var t) when t == typeof(decimal) => new DecimalReader(column.Type),
            (ColumnKind.String, var t) when t == typeof(string) => new TextValueReader(),
            _ => null,
        };
        return reader as ValueReader<T>
            ?? throw new ArgumentException(
                $"Column '{column.Name}' is {column.Type} and cannot be read as {typeof(T).Name}.");
    }

    /// <summary>What stands in a span where a value is missing: NaN, or the type's default.</summary>
    public static T Missing<T>()
    {
        if (typeof(T) == typeof(double)) return (T)(object)double.NaN;
        return typeof(T) == typeof(float) ? (T)(object)float.NaN : default!;
    }
}
