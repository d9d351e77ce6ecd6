using System.Runtime.InteropServices;
using Feeds.Parquet.Buffers;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Encodings;

/// <summary>Encodes the values of one page, none of them missing.</summary>
internal static class ValueEncoder
{
    public static void Encode<T>(ColumnEncoding encoding, ReadOnlySpan<T> values, ByteBuffer output)
        where T : unmanaged
    {
        switch (encoding)
        {
            case ColumnEncoding.Plain:
                PlainEncoder.Encode(values, output);
                break;
            case ColumnEncoding.DeltaBinaryPacked when typeof(T) == typeof(long):
                DeltaEncoder.Encode(MemoryMarshal.Cast<T, long>(values), output);
                break;
            case ColumnEncoding.DeltaBinaryPacked when typeof(T) == typeof(int):
                DeltaEncoder.Encode(MemoryMarshal.Cast<T, int>(values), output);
                break;
            case ColumnEncoding.ByteStreamSplit:
                Split(values, output);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(encoding), encoding, null);
        }
    }

    private static void Split<T>(ReadOnlySpan<T> values, ByteBuffer output)
        where T : unmanaged
    {
        var width = PlainEncoder.WidthOf<T>();
        var bytes = values.Length * width;
        if (typeof(T) == typeof(Int128))
        {
            using var plain = new ByteBuffer(bytes);
            PlainEncoder.Encode(values, plain);
            ByteStreamSplit.Split(plain.Written, width, output.GetSpan(bytes)[..bytes]);
        }
        else
        {
            ByteStreamSplit.Split(MemoryMarshal.AsBytes(values), width, output.GetSpan(bytes)[..bytes]);
        }

        output.Advance(bytes);
    }
}
