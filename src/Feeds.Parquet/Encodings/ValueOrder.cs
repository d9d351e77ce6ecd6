using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Encodings;

/// <summary>Compares plain encoded values by the order that the format defines for their type.</summary>
internal sealed class ValueOrder : IComparer<byte[]>
{
    private readonly PhysicalType _type;
    private readonly bool _signedBytes;

    public ValueOrder(ColumnType type)
    {
        _type = type.Physical;
        _signedBytes = type.Kind == ColumnKind.Decimal;
    }

    public int Compare(byte[]? x, byte[]? y) => _type switch
    {
        PhysicalType.Boolean => x![0].CompareTo(y![0]),
        PhysicalType.Int32 => Numbers<int>(x, y),
        PhysicalType.Int64 => Numbers<long>(x, y),
        PhysicalType.Float => Numbers<float>(x, y),
        PhysicalType.Double => Numbers<double>(x, y),
        _ when _signedBytes => BigEndian(x).CompareTo(BigEndian(y)),
        _ => x.AsSpan().SequenceCompareTo(y),
    };

    /// <summary>A signed big-endian number of 0 to 16 bytes.</summary>
    public static Int128 BigEndian(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return 0;
        if (bytes.Length > 16) throw new DamagedDataException($"a decimal of {bytes.Length} bytes");
        if (bytes.Length == 16) return BinaryPrimitives.ReadInt128BigEndian(bytes);
        Int128 value = (sbyte)bytes[0];
        foreach (var b in bytes[1..]) value = (value << 8) | b;
        return value;
    }

    private static int Numbers<T>(byte[]? x, byte[]? y)
        where T : unmanaged, INumber<T> => MemoryMarshal.Read<T>(x).CompareTo(MemoryMarshal.Read<T>(y));
}
