using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Feeds.Parquet.Buffers;

namespace Feeds.Parquet.Encodings;

/// <summary>Definition levels of a flat nullable column (one bit: 1 there, 0 missing) and booleans, both as
/// RLE.</summary>
internal static class LevelEncoder
{
    private const int MinRun = 64;

    /// <summary>Appends <paramref name="count"/> ones.</summary>
    public static void EncodeAllThere(int count, ByteBuffer output)
    {
        if (count > 0) RleEncoder.WriteRun(1, count, 1, output);
    }

    /// <summary>Appends the flags; runs of 64 and more as runs, the rest as bits.</summary>
    public static void Encode(ReadOnlySpan<bool> flags, ByteBuffer output)
    {
        var at = 0;
        while (at < flags.Length)
        {
            var run = Run(flags[at..]);
            if (run >= MinRun || run == flags.Length - at)
            {
                RleEncoder.WriteRun(flags[at] ? 1 : 0, run, 1, output);
                at += run;
                continue;
            }

            var end = at;
            do end = Math.Min(end + MinRun, flags.Length);
            while (end < flags.Length && Run(flags[end..]) < MinRun);
            var groups = (end - at + 7) / 8;
            output.WriteVarint(((ulong)groups << 1) | 1);
            PackBits(flags[at..end], output);
            at = end;
        }
    }

    /// <summary>Appends one bit a flag, the last byte padded with zeros.</summary>
    public static void PackBits(ReadOnlySpan<bool> flags, ByteBuffer output)
    {
        var bytes = MemoryMarshal.AsBytes(flags);
        var target = output.GetSpan((bytes.Length + 7) / 8);
        var n = 0;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            // Each byte is 0 or 1; the multiplication gathers the eight low bits in the top byte.
            var eight = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            target[n++] = (byte)((eight * 0x0102040810204080UL) >> 56);
        }

        if (bytes.Length > 0)
        {
            var last = 0;
            for (var i = 0; i < bytes.Length; i++) last |= bytes[i] << i;
            target[n++] = (byte)last;
        }

        output.Advance(n);
    }

    private static int Run(ReadOnlySpan<bool> flags)
    {
        var differs = flags.IndexOf(!flags[0]);
        return differs < 0 ? flags.Length : differs;
    }
}
