using System.Buffers;
using System.Globalization;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Writing;

/// <summary>Decimals as whole numbers of the column's last digit.</summary>
internal static class DecimalValues
{
    public static EncodedChunk Encode(
        ChunkEncoder encoder, ParquetColumn column, ReadOnlySpan<decimal> values, ReadOnlySpan<bool> valid)
    {
        if (column.Type.Physical == PhysicalType.FixedLenByteArray)
        {
            var wide = ArrayPool<Int128>.Shared.Rent(values.Length);
            for (var i = 0; i < values.Length; i++) wide[i] = IsMissing(valid, i) ? 0 : ToUnits(column, values[i], i);
            var chunk = encoder.Encode<Int128>(column, wide.AsSpan(0, values.Length), valid);
            ArrayPool<Int128>.Shared.Return(wide);
            return chunk;
        }

        var narrow = ArrayPool<long>.Shared.Rent(values.Length);
        for (var i = 0; i < values.Length; i++)
            narrow[i] = IsMissing(valid, i) ? 0 : (long)ToUnits(column, values[i], i);
        var result = encoder.Encode<long>(column, narrow.AsSpan(0, values.Length), valid);
        ArrayPool<long>.Shared.Return(narrow);
        return result;
    }

    /// <summary>The value in units of the last digit; exact, or an error.</summary>
    public static Int128 ToUnits(ParquetColumn column, decimal value, int row)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var scale = (bits[3] >> 16) & 0xFF;
        var units = (Int128)new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        for (; scale > column.Type.Scale; scale--)
        {
            if (units % 10 != 0) throw TooLong(column, value, row);
            units /= 10;
        }

        var limit = PowerOfTen(column.Type.Precision);
        for (; scale < column.Type.Scale; scale++)
        {
            if (units >= limit) throw TooLong(column, value, row);
            units *= 10;
        }

        if (units >= limit) throw TooLong(column, value, row);
        return bits[3] < 0 ? -units : units;
    }

    public static Int128 PowerOfTen(int exponent)
    {
        Int128 result = 1;
        for (var i = 0; i < exponent; i++) result *= 10;
        return result;
    }

    private static bool IsMissing(ReadOnlySpan<bool> valid, int row) => row < valid.Length && !valid[row];

    private static ArgumentException TooLong(ParquetColumn column, decimal value, int row) =>
        new(string.Create(
            CultureInfo.InvariantCulture,
                $"Column '{column.Name}', row {row}: {value} does not fit into {column.Type}."));
}
