using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
        while (at < input.Length)
        {
            var tag = input[at++];
            if ((tag & 3) == 0) Literal(input, ref at, tag, output, ref to);
            else Copy(input, ref at, tag, output, ref to);
        }

        if (to != output.Length) throw new DamagedDataException("Snappy data ends early");
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Literal(ReadOnlySpan<byte> input, ref int at, byte tag, Span<byte> output, ref int to)
    {
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ReadOnlySpan<byte> input, ref int at, byte tag, Span<byte> output, ref int to)
    {
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
