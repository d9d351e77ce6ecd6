using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Feeds.Parquet.Encodings;

/// <summary>Reads runs and packed bits of one bit a value as flags: definition levels and RLE booleans.</summary>
internal static class FlagDecoder
{
    /// <summary>Fills <paramref name="flags"/>; true when all of them are set.</summary>
    public static bool Read(ReadOnlySpan<byte> input, Span<bool> flags)
    {
        var all = true;
        var at = 0;
        while (flags.Length > 0)
        {
            var header = ReadHeader(input, ref at);
            var count = header >> 1;
            if (count == 0) throw new DamagedDataException("a run of length 0");
            int n;
            if ((header & 1) == 0)
            {
                if (at >= input.Length || input[at] > 1)
                    throw new DamagedDataException("a run of levels that is neither 0 nor 1");
                var value = input[at++] == 1;
                n = (int)Math.Min(count, flags.Length);
                flags[..n].Fill(value);
                all &= value;
            }
            else
            {
                n = (int)Math.Min(count * 8L, flags.Length);
                var bytes = (n + 7) / 8;
                if (bytes > input.Length - at) throw new DamagedDataException("levels end early");
                UnpackBits(input.Slice(at, bytes), flags[..n]);
                at += bytes;
                all = all && !flags[..n].Contains(false);
            }

            flags = flags[n..];
        }

        return all;
    }

    /// <summary>True when one run of ones covers <paramref name="count"/> flags, the usual case of a column without
    /// holes.</summary>
    public static bool IsAllThere(ReadOnlySpan<byte> input, int count)
    {
        var at = 0;
        if (count == 0) return true;
        var header = ReadHeader(input, ref at);
        return (header & 1) == 0 && header >> 1 >= (uint)count && at < input.Length && input[at] == 1;
    }

    /// <summary>One flag a bit, the lowest first; <paramref name="input"/> holds at least as many.</summary>
    public static void UnpackBits(ReadOnlySpan<byte> input, Span<bool> flags)
    {
        var bytes = MemoryMarshal.AsBytes(flags);
        var whole = bytes.Length / 8;
        for (var i = 0; i < whole; i++)
        {
            // Spread the byte over eight, keep another bit in each, and make what is left a one.
            var spread = (input[i] * 0x0101010101010101UL) & 0x8040201008040201UL;
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(i * 8)..],
                ((spread + 0x7F7F7F7F7F7F7F7FUL) >> 7) & 0x0101010101010101UL);
        }

        for (var i = whole * 8; i < bytes.Length; i++) bytes[i] = (byte)((input[i >> 3] >> (i & 7)) & 1);
    }

    private static uint ReadHeader(ReadOnlySpan<byte> input, ref int at)
    {
        ulong header = 0;
        for (var shift = 0; shift <= 28; shift += 7)
        {
            if (at >= input.Length) throw new DamagedDataException("levels end early");
            var b = input[at++];
            header |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                if (header > uint.MaxValue) break;
                return (uint)header;
            }
        }

        throw new DamagedDataException("a run length of more than 32 bits");
    }
}
