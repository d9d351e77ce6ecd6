using System.Buffers.Binary;
using System.Text;
using Feeds.Parquet.Encodings;
using Feeds.Parquet.Schema;
using Feeds.Parquet.Writing;

namespace Feeds.Parquet.Reading;

/// <summary>Single values to and from the plain bytes that statistics carry.</summary>
internal static class PlainValue
{
    /// <summary>The value's bytes; what the column cannot hold exactly is an error of the caller.</summary>
    public static byte[] ToBytes<T>(ParquetColumn column, T value)
    {
        switch (column.Type.Physical, value)
        {
            case (PhysicalType.Boolean, bool b): return [b ? (byte)1 : (byte)0];
            case (PhysicalType.Int32, int i): return PlainEncoder.ToBytes(i);
            case (PhysicalType.Int64, long l): return PlainEncoder.ToBytes(l);
            case (PhysicalType.Float, float f): return PlainEncoder.ToBytes(f);
            case (PhysicalType.Double, double d): return PlainEncoder.ToBytes(d);
            case (PhysicalType.ByteArray, string s): return Encoding.UTF8.GetBytes(s);
            case (_, decimal m) when column.Type.Kind == ColumnKind.Decimal: return DecimalBytes(column, m);
            default: throw new ArgumentException($"Column '{column.Name}' is {column.Type}, not {typeof(T).Name}.");
        }
    }

    /// <summary>False when the bytes are not of the column's width or say nothing (NaN): then they are no bound at
    /// all.</summary>
    public static bool IsBound(ColumnType type, byte[]? bytes) => bytes is not null && type.Physical switch
    {
        PhysicalType.Boolean => bytes.Length == 1,
        PhysicalType.Int32 => bytes.Length == 4,
        PhysicalType.Int64 => bytes.Length == 8,
        PhysicalType.Float => bytes.Length == 4 && !float.IsNaN(BitConverter.ToSingle(bytes)),
        PhysicalType.Double => bytes.Length == 8 && !double.IsNaN(BitConverter.ToDouble(bytes)),
        PhysicalType.FixedLenByteArray => bytes.Length == type.Length && bytes.Length <= 16,
        PhysicalType.ByteArray => type.Kind == ColumnKind.String || bytes.Length is > 0 and <= 16,
        _ => false,
    };

    public static T FromBytes<T>(ParquetColumn column, byte[] bytes)
    {
        object value = column.Type.Kind switch
        {
            ColumnKind.Boolean => bytes[0] != 0,
            ColumnKind.Int32 or ColumnKind.Date => BitConverter.ToInt32(bytes),
            ColumnKind.Int64 or ColumnKind.TimestampMs or ColumnKind.TimestampUs => BitConverter.ToInt64(bytes),
            ColumnKind.Float => BitConverter.ToSingle(bytes),
            ColumnKind.Double => BitConverter.ToDouble(bytes),
            ColumnKind.String => Encoding.UTF8.GetString(bytes),
            ColumnKind.Decimal => DecimalReader.ToDecimal(Units(column.Type, bytes), column.Type.Scale),
            _ => throw new ArgumentException($"Column '{column.Name}' is {column.Type} and has no bounds."),
        };
        return value is T typed
            ? typed
            : throw new ArgumentException($"Column '{column.Name}' is {column.Type}, not {typeof(T).Name}.");
    }

    private static Int128 Units(ColumnType type, byte[] bytes) => type.Physical switch
    {
        PhysicalType.Int32 => BitConverter.ToInt32(bytes),
        PhysicalType.Int64 => BitConverter.ToInt64(bytes),
        _ => ValueOrder.BigEndian(bytes),
    };

    private static byte[] DecimalBytes(ParquetColumn column, decimal value)
    {
        var units = DecimalValues.ToUnits(column, value, 0);
        if (column.Type.Physical == PhysicalType.Int32) return PlainEncoder.ToBytes((int)units);
        if (column.Type.Physical == PhysicalType.Int64) return PlainEncoder.ToBytes((long)units);
        var bytes = new byte[16];
        BinaryPrimitives.WriteInt128BigEndian(bytes, units);
        return bytes;
    }
}
