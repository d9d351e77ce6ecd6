using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Feeds.Parquet.Buffers;

namespace Feeds.Parquet.Encodings;

/// <summary>Values one behind the other, little-endian; 16-byte decimals big-endian, as the format wants
/// them.</summary>
internal static class PlainEncoder
{
    /// <summary>Bytes of one value in a file.</summary>
    public static int WidthOf<T>()
        where T : unmanaged => Unsafe.SizeOf<T>();

    public static void Encode<T>(ReadOnlySpan<T> values, ByteBuffer output)
        where T : unmanaged
    {
        if (typeof(T) != typeof(Int128))
        {
            output.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        var span = output.GetSpan(values.Length * 16);
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt128BigEndian(span, (Int128)(object)value);
            span = span[16..];
        }

        output.Advance(values.Length * 16);
    }

    /// <summary>The bytes of one value, as statistics carry them.</summary>
    public static byte[] ToBytes<T>(T value)
        where T : unmanaged
    {
        var bytes = new byte[Unsafe.SizeOf<T>()];
        if (typeof(T) == typeof(Int128)) BinaryPrimitives.WriteInt128BigEndian(bytes, (Int128)(object)value);
        else MemoryMarshal.Write(bytes, value);
        return bytes;
    }
}
