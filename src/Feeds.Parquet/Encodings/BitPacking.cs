using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Feeds.Parquet.Encodings;

/// <summary>Numbers of a few bits side by side, least significant bit first.</summary>
internal static class BitPacking
{
    /// <summary>Bits that hold every number up to <paramref name="max"/>.</summary>
    public static int WidthOf(uint max) => 32 - BitOperations.LeadingZeroCount(max);

    /// <summary>Bits that hold every number up to <paramref name="max"/>.</summary>
    public static int WidthOf(ulong max) => 64 - BitOperations.LeadingZeroCount(max);

    /// <summary>Packs values (a multiple of 8 of them) of <paramref name="width"/> bits, 0 to 32; returns bytes
    /// written.</summary>
    public static int Pack(ReadOnlySpan<int> values, int width, Span<byte> output)
    {
        if (width == 0) return 0;
        ulong pending = 0;
        int bits = 0, at = 0;
        foreach (var value in values)
        {
            pending |= (ulong)(uint)value << bits;
            bits += width;
            if (bits < 32) continue;
            BinaryPrimitives.WriteUInt32LittleEndian(output[at..], (uint)pending);
            at += 4;
            pending >>= 32;
            bits -= 32;
        }

        return at + Flush(pending, bits, output[at..]);
    }

    /// <summary>Packs values (a multiple of 8 of them) of <paramref name="width"/> bits, 0 to 64; returns bytes
    /// written.</summary>
    public static int Pack(ReadOnlySpan<ulong> values, int width, Span<byte> output)
    {
        if (width == 0) return 0;
        ulong pending = 0;
        int bits = 0, at = 0;
        foreach (var value in values)
        {
            pending |= value << bits;
            bits += width;
            if (bits < 64) continue;
            BinaryPrimitives.WriteUInt64LittleEndian(output[at..], pending);
            at += 8;
            bits -= 64;
            pending = bits == 0 ? 0 : value >> (width - bits);
        }

        return at + Flush(pending, bits, output[at..]);
    }

    /// <summary>Unpacks <paramref name="output"/>.Length numbers of 0 to 32 bits that start at the first bit of
    /// <paramref name="input"/>, which must hold them all.</summary>
    public static void Unpack(ReadOnlySpan<byte> input, int width, Span<int> output)
    {
        if (width == 0)
        {
            output.Clear();
            return;
        }

        var mask = width == 32 ? uint.MaxValue : (1u << width) - 1;
        // As many as can be read by whole 8-byte loads; the rest is assembled from what is left.
        var fast = input.Length < 8 ? 0 : (int)Math.Min(output.Length, ((long)(input.Length - 8) * 8 / width) + 1);
        ref var start = ref MemoryMarshal.GetReference(input);
        nuint bit = 0;
        for (var i = 0; i < fast; i++, bit += (uint)width)
        {
            var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, bit >> 3));
            output[i] = (int)((uint)(word >> (int)(bit & 7)) & mask);
        }

        for (var i = fast; i < output.Length; i++) output[i] = (int)(uint)ReadSlow(input, (long)i * width, width);
    }

    /// <summary>Unpacks numbers of 0 to 64 bits; as the other.</summary>
    public static void Unpack(ReadOnlySpan<byte> input, int width, Span<ulong> output)
    {
        if (width == 0)
        {
            output.Clear();
            return;
        }

        var fast = 0;
        if (width <= 56)
        {
            var mask = (1UL << width) - 1;
            fast = input.Length < 8 ? 0 : (int)Math.Min(output.Length, ((long)(input.Length - 8) * 8 / width) + 1);
            ref var start = ref MemoryMarshal.GetReference(input);
            nuint bit = 0;
            for (var i = 0; i < fast; i++, bit += (uint)width)
            {
                var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, bit >> 3));
                output[i] = (word >> (int)(bit & 7)) & mask;
            }
        }

        for (var i = fast; i < output.Length; i++) output[i] = ReadSlow(input, (long)i * width, width);
    }

    private static ulong ReadSlow(ReadOnlySpan<byte> input, long bit, int width)
    {
        ulong value = 0;
        var have = 0;
        var at = (int)(bit >> 3);
        var shift = (int)(bit & 7);
        while (have < width)
        {
            var part = (ulong)input[at++] >> shift;
            value |= part << have;
            have += 8 - shift;
            shift = 0;
        }

        return width == 64 ? value : value & ((1UL << width) - 1);
    }

    private static int Flush(ulong pending, int bits, Span<byte> output)
    {
        var at = 0;
        for (; bits > 0; bits -= 8, pending >>= 8) output[at++] = (byte)pending;
        return at;
    }
}
