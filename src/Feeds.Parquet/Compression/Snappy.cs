using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Feeds.Parquet.Compression;

/// <summary>
/// Snappy's block format: the length, then literals and copies of what came before within 64 KiB. Written from the
/// published format description.
/// </summary>
internal static class Snappy
{
    private const int BlockSize = 1 << 16;
    private const int HashBits = 14;
    private const int MinBlock = 16;

    // The longest piece that the fast loop copies, its tag, and what it may write too far.
    private const int FastMargin = 80;

    /// <summary>The most bytes that <paramref name="length"/> bytes can become.</summary>
    public static int MaxCompressedLength(int length) => checked(32 + length + (length / 6));

    /// <summary>Compresses into <paramref name="output"/> (of <see cref="MaxCompressedLength"/>); returns the
    /// length.</summary>
    public static int Compress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var at = 0;
        for (var length = (uint)input.Length; ; length >>= 7)
        {
            if (length < 0x80)
            {
                output[at++] = (byte)length;
                break;
            }

            output[at++] = (byte)(length | 0x80);
        }

        Span<ushort> table = stackalloc ushort[1 << HashBits];
        while (!input.IsEmpty)
        {
            var block = input[..Math.Min(BlockSize, input.Length)];
            at += CompressBlock(block, output[at..], table);
            input = input[block.Length..];
        }

        return at;
    }

    /// <summary>Decompresses into <paramref name="output"/>, which must be filled exactly.</summary>
    public static void Decompress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var at = ReadLength(input, out var length);
        if (length != (uint)output.Length)
            throw new DamagedDataException("Snappy data of another length than the page states");
        var to = 0;
        DecompressFast(input, ref at, output, ref to);
        while (at < input.Length)
        {
            if ((input[at] & 3) == 0) Literal(input, ref at, output, ref to);
            else Copy(input, ref at, output, ref to);
        }

        if (to != output.Length) throw new DamagedDataException("Snappy data ends early");
    }

    /// <summary>How many literals and copies there are in what <see cref="Compress"/> wrote: what decompressing
    /// costs.</summary>
    public static int CountPieces(ReadOnlySpan<byte> compressed)
    {
        var at = ReadLength(compressed, out _);
        var pieces = 0;
        for (; at < compressed.Length; pieces++)
        {
            var tag = compressed[at];
            at += (tag & 3) switch
            {
                0 when tag >> 2 < 60 => 2 + (tag >> 2),
                0 when tag >> 2 == 60 => 3 + compressed[at + 1],
                0 => 4 + BinaryPrimitives.ReadUInt16LittleEndian(compressed[(at + 1)..]),
                1 => 2,
                2 => 3,
                _ => 5,
            };
        }

        return pieces;
    }

    // As long as neither end is near, pieces are copied 16 bytes at a time, a little too far: what is written beyond a
    // piece is overwritten by the next. The rest, and long literals, are left to the careful loop.
    private static void DecompressFast(ReadOnlySpan<byte> input, ref int at, Span<byte> output, ref int to)
    {
        ref var from = ref MemoryMarshal.GetReference(input);
        ref var target = ref MemoryMarshal.GetReference(output);
        while (at < input.Length - FastMargin && to < output.Length - FastMargin)
        {
            int tag = Unsafe.Add(ref from, at);
            int length;
            if ((tag & 3) == 0)
            {
                length = (tag >> 2) + 1;
                if (length > 60)
                {
                    Literal(input, ref at, output, ref to);
                    continue;
                }

                Copy64(ref Unsafe.Add(ref from, at + 1), ref Unsafe.Add(ref target, to), length);
                at += 1 + length;
                to += length;
                continue;
            }

            int offset;
            if ((tag & 3) == 1)
            {
                length = ((tag >> 2) & 7) + 4;
                offset = ((tag >> 5) << 8) | Unsafe.Add(ref from, at + 1);
                at += 2;
            }
            else if ((tag & 3) == 2)
            {
                length = (tag >> 2) + 1;
                offset = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref from, at + 1));
                at += 3;
            }
            else
            {
                length = (tag >> 2) + 1;
                offset = Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref from, at + 1));
                at += 5;
            }

            if (offset <= 0 || offset > to) throw new DamagedDataException("Snappy copy out of range");
            if (offset >= 16) Copy64(ref Unsafe.Add(ref target, to - offset), ref Unsafe.Add(ref target, to), length);
            else if (offset >= 8) CopyBy8(ref Unsafe.Add(ref target, to), offset, length);
            else CopyWithin(output, to, offset, length);
            to += length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyBy8(ref byte to, int offset, int length)
    {
        ref var from = ref Unsafe.Subtract(ref to, offset);
        for (var i = 0; i < length; i += 8)
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, i), Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, i)));
    }

    // Up to 64 bytes; source and target may overlap when they are 16 bytes or more apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy64(ref byte from, ref byte to, int length)
    {
        Vector128.LoadUnsafe(ref from).StoreUnsafe(ref to);
        if (length <= 16) return;
        Vector128.LoadUnsafe(ref from, 16).StoreUnsafe(ref to, 16);
        if (length <= 32) return;
        Vector128.LoadUnsafe(ref from, 32).StoreUnsafe(ref to, 32);
        Vector128.LoadUnsafe(ref from, 48).StoreUnsafe(ref to, 48);
    }

    private static int ReadLength(ReadOnlySpan<byte> input, out uint length)
    {
        length = 0;
        for (var i = 0; i < 5 && i < input.Length; i++)
        {
            length |= (uint)(input[i] & 0x7F) << (7 * i);
            if (input[i] < 0x80) return i + 1;
        }

        throw new DamagedDataException("Snappy data without a length");
    }

    private static void Literal(ReadOnlySpan<byte> input, ref int at, Span<byte> output, ref int to)
    {
        var tag = input[at++];
        uint length = (uint)(tag >> 2) + 1;
        if (length > 60)
        {
            var extra = (int)length - 60;
            if (extra > input.Length - at) throw new DamagedDataException("Snappy data ends early");
            length = 0;
            for (var i = 0; i < extra; i++) length |= (uint)input[at + i] << (8 * i);
            at += extra;
            if (++length == 0) throw new DamagedDataException("Snappy literal too long");
        }

        if (length > (uint)(input.Length - at) || length > (uint)(output.Length - to))
            throw new DamagedDataException("Snappy literal past the end");
        input.Slice(at, (int)length).CopyTo(output[to..]);
        at += (int)length;
        to += (int)length;
    }

    private static void Copy(ReadOnlySpan<byte> input, ref int at, Span<byte> output, ref int to)
    {
        var tag = input[at++];
        int length;
        uint offset;
        var size = (tag & 3) == 3 ? 4 : tag & 3;
        if (size > input.Length - at) throw new DamagedDataException("Snappy data ends early");
        if (size == 1)
        {
            length = ((tag >> 2) & 7) + 4;
            offset = ((uint)(tag >> 5) << 8) | input[at];
        }
        else
        {
            length = (tag >> 2) + 1;
            offset = size == 2
                ? BinaryPrimitives.ReadUInt16LittleEndian(input[at..])
                : BinaryPrimitives.ReadUInt32LittleEndian(input[at..]);
        }

        at += size;
        if (offset == 0 || offset > (uint)to || length > output.Length - to)
            throw new DamagedDataException("Snappy copy out of range");
        CopyWithin(output, to, (int)offset, length);
        to += length;
    }

    // Source and target overlap when the offset is smaller than the length: that is how runs are written.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyWithin(Span<byte> output, int to, int offset, int length)
    {
        if (offset >= length)
        {
            output.Slice(to - offset, length).CopyTo(output[to..]);
        }
        else if (offset == 1)
        {
            output.Slice(to, length).Fill(output[to - 1]);
        }
        else
        {
            for (var i = 0; i < length; i++) output[to + i] = output[to + i - offset];
        }
    }

    private static int CompressBlock(ReadOnlySpan<byte> block, Span<byte> output, Span<ushort> table)
    {
        var at = 0;
        var literal = 0;
        if (block.Length >= MinBlock)
        {
            table.Clear();
            ref var start = ref MemoryMarshal.GetReference(block);
            var limit = block.Length - 15;
            var ip = 1;
            // The longer nothing matches, the larger the steps: incompressible bytes pass at the speed of a copy.
            var skip = 32;
            while (ip < limit)
            {
                var word = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, ip));
                var hash = (word * 0x1E35A7BD) >> (32 - HashBits);
                int candidate = table[(int)hash];
                table[(int)hash] = (ushort)ip;
                if (Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, candidate)) != word)
                {
                    ip += skip++ >> 5;
                    continue;
                }

                var length = 4 + MatchLength(block, candidate + 4, ip + 4);
                at += EmitLiteral(block[literal..ip], output[at..]);
                at += EmitCopy(ip - candidate, length, output[at..]);
                ip += length;
                literal = ip;
                skip = 32;
            }
        }

        return at + EmitLiteral(block[literal..], output[at..]);
    }

    private static int MatchLength(ReadOnlySpan<byte> block, int a, int b)
    {
        ref var start = ref MemoryMarshal.GetReference(block);
        var from = b;
        while (b + 8 <= block.Length)
        {
            var difference = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, a))
                ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, b));
            if (difference != 0) return b - from + (BitOperations.TrailingZeroCount(difference) >> 3);
            a += 8;
            b += 8;
        }

        while (b < block.Length && block[a] == block[b])
        {
            a++;
            b++;
        }

        return b - from;
    }

    private static int EmitLiteral(ReadOnlySpan<byte> literal, Span<byte> output)
    {
        if (literal.IsEmpty) return 0;
        var n = literal.Length - 1;
        int at;
        if (n < 60)
        {
            output[0] = (byte)(n << 2);
            at = 1;
        }
        else if (n < 256)
        {
            output[0] = 60 << 2;
            output[1] = (byte)n;
            at = 2;
        }
        else
        {
            output[0] = 61 << 2;
            BinaryPrimitives.WriteUInt16LittleEndian(output[1..], (ushort)n);
            at = 3;
        }

        literal.CopyTo(output[at..]);
        return at + literal.Length;
    }

    private static int EmitCopy(int offset, int length, Span<byte> output)
    {
        var at = 0;
        // Never leave a rest below 4: the short form could not say it.
        while (length >= 68)
        {
            at += EmitCopy2(offset, 64, output[at..]);
            length -= 64;
        }

        if (length > 64)
        {
            at += EmitCopy2(offset, 60, output[at..]);
            length -= 60;
        }

        if (length >= 12 || offset >= 2048) return at + EmitCopy2(offset, length, output[at..]);
        output[at] = (byte)(1 | ((length - 4) << 2) | ((offset >> 8) << 5));
        output[at + 1] = (byte)offset;
        return at + 2;
    }

    private static int EmitCopy2(int offset, int length, Span<byte> output)
    {
        output[0] = (byte)(2 | ((length - 1) << 2));
        BinaryPrimitives.WriteUInt16LittleEndian(output[1..], (ushort)offset);
        return 3;
    }
}
