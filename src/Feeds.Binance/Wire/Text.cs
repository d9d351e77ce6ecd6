using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace Feeds.Binance.Wire;

/// <summary>Loads and comparisons of a frame's bytes in words. Nothing here checks bounds: the callers do.</summary>
internal static class Text
{
    /// <summary>Returns up to eight ASCII letters as the word that <see cref="Load64"/> would give.</summary>
    public static ulong Word(string letters)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        System.Text.Encoding.ASCII.GetBytes(letters, bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load64(ref byte f, nint position) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref f, position));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Load32(ref byte f, nint position) => Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref f, position));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Load16(ref byte f, nint position) =>
        Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref f, position));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte At(ref byte f, nint position) => Unsafe.Add(ref f, position);

    /// <summary>
    /// Returns the length of the string that begins behind its quote at <paramref name="position"/>, −1 when it does
    /// not end within <paramref name="length"/> and 40 bytes, or has escapes, controls or bytes that are not UTF-8.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PlainLength(ref byte f, nint position, nint length)
    {
        if (position + 16 > length)
        {
            return PlainLengthByByte(ref f, position, length);
        }

        Vector128<byte> text = Vector128.LoadUnsafe(ref f, (nuint)position);
        uint quotes = Vector128.Equals(text, Vector128.Create((byte)'"')).ExtractMostSignificantBits();
        int count = System.Numerics.BitOperations.TrailingZeroCount(quotes);

        // Below the blank and above ASCII at once: as signed numbers both are less than 0x20.
        uint odd = Vector128.LessThan(text.AsSByte(), Vector128.Create((sbyte)0x20)).ExtractMostSignificantBits()
            | Vector128.Equals(text, Vector128.Create((byte)'\\')).ExtractMostSignificantBits();
        return quotes != 0 && (odd & ((1u << count) - 1)) == 0 ? count : PlainLengthByByte(ref f, position, length);
    }

    private static int PlainLengthByByte(ref byte f, nint position, nint length)
    {
        const int Longest = 40;
        bool isAscii = true;
        for (int i = 0; i < Longest && position + i < length; i++)
        {
            byte b = At(ref f, position + i);
            if (b == (byte)'"')
            {
                return isAscii || Utf8.IsValid(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref f, position), i))
                    ? i : -1;
            }

            if (b < 0x20 || b == (byte)'\\')
            {
                return -1;
            }

            isAscii &= b < 0x80;
        }

        return -1;
    }
}
