using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Feeds.Parquet.Compression;

/// <summary>
/// Writes GZIP (RFC 1951 and 1952) for pages of numbers. Blocks can be laid along byte streams, so that each stream
/// gets a code of its own and those that are mere noise are stored as they are, which costs next to nothing to write
/// and to read.
/// </summary>
internal sealed class DeflateEncoder
{
    private const int UsualBlock = 1 << 16;
    private const int MaxStored = 65_535;
    private const int HeaderBytes = 10;
    private const int TrailerBytes = 8;

    private readonly MatchFinder _matches = new();
    private readonly HuffmanCode _literalCode = new(DeflateTables.LiteralSymbols, 15);
    private readonly HuffmanCode _distanceCode = new(DeflateTables.DistanceSymbols, 15);
    private readonly HuffmanCode _lengthCode = new(19, 7);
    private readonly int[] _literalCounts = new int[DeflateTables.LiteralSymbols];
    private readonly int[] _distanceCounts = new int[DeflateTables.DistanceSymbols];
    private readonly int[] _lengthCounts = new int[19];
    private readonly uint[] _entries = new uint[256];
    private readonly uint[] _lengthEntries = new uint[256];
    private readonly int[] _histogram = new int[4 * 256];
    private readonly byte[] _runs = new byte[DeflateTables.LiteralSymbols + DeflateTables.DistanceSymbols];
    private readonly byte[] _runExtras = new byte[DeflateTables.LiteralSymbols + DeflateTables.DistanceSymbols];

    /// <summary>Bytes of the last input that were given a code each, being neither copied nor just stored. These and
    /// <see cref="Copies"/> are what decompressing costs.</summary>
    public int Literals { get; private set; }

    /// <summary>Copies in the last input.</summary>
    public int Copies { get; private set; }

    /// <summary>The most bytes that <paramref name="length"/> bytes in blocks of <paramref name="stream"/> can
    /// become.</summary>
    public static int MaxCompressedLength(int length, int stream) => checked(
        length + (((length / MaxStored) + (length / BlockBytes(stream)) + 2) * 8) + HeaderBytes + TrailerBytes + 16);

    /// <summary>Compresses a page; <paramref name="stream"/> is the length of its byte streams, 0 when it has
    /// none.</summary>
    public int Compress(ReadOnlySpan<byte> input, int stream, Span<byte> output)
    {
        ReadOnlySpan<byte> header = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255];
        header.CopyTo(output);
        var writer = new BitWriter(output[HeaderBytes..]);
        var blockBytes = BlockBytes(stream);
        _matches.Reset(input.Length);
        Literals = 0;
        Copies = 0;
        var start = 0;
        do
        {
            // What precedes the first whole stream (levels) becomes a block of its own.
            var size = start == 0 && stream > 0 ? FirstBlock(input.Length, stream) : blockBytes;
            var end = Math.Min(input.Length, start + size);
            WriteBlock(ref writer, input, start, end, stream > 0);
            start = end;
        }
        while (start < input.Length);
        _matches.Advance(input.Length);
        writer.Align();
        var at = HeaderBytes + writer.Position;
        BinaryPrimitives.WriteUInt32LittleEndian(output[at..], Crc32.Compute(input));
        BinaryPrimitives.WriteInt32LittleEndian(output[(at + 4)..], input.Length);
        return at + TrailerBytes;
    }

    private static int BlockBytes(int stream) => stream >= 512 ? Math.Min(stream, UsualBlock) : UsualBlock;

    private static int FirstBlock(int length, int stream)
    {
        var size = BlockBytes(stream);
        var rest = stream >= 512 && stream <= UsualBlock ? length % stream : 0;
        return rest == 0 ? size : rest;
    }

    private void WriteBlock(ref BitWriter writer, ReadOnlySpan<byte> input, int start, int end, bool streams)
    {
        var last = end == input.Length;
        var block = input[start..end];
        if (streams && IsNoise(block))
        {
            WriteStored(ref writer, block, last);
            return;
        }

        _matches.Find(input, start, end);
        Count(block);
        _literalCode.Build(_literalCounts);
        _distanceCode.Build(_distanceCounts);
        // A block without copies still has to state one distance code.
        if (_matches.Count == 0) _distanceCode.Lengths[0] = 1;
        var runs = CodeLengths(out var literals, out var distances, out var headerBits);
        var bits = headerBits + _literalCode.Cost(_literalCounts) + _distanceCode.Cost(_distanceCounts) + ExtraBits();
        // Stored bytes are read several times faster: a block has to earn its code.
        if (bits / 8 > block.Length - (block.Length / 64) - 8)
        {
            WriteStored(ref writer, block, last);
            return;
        }

        Literals += block.Length - _matches.CopiedBytes;
        Copies += _matches.Count;
        writer.Add(last ? 1u : 0, 1);
        writer.Add(2, 2);
        WriteCodes(ref writer, runs, literals, distances);
        WriteSymbols(ref writer, block);
    }

    // Compares the sum of squared counts with that of even counts, noise allowed for: less than about 0.7 % to gain.
    private bool IsNoise(ReadOnlySpan<byte> block)
    {
        if (block.Length < 512) return false;
        Histogram(block);
        long squares = 0;
        for (var i = 0; i < 256; i++) squares += (long)_literalCounts[i] * _literalCounts[i];
        long n = block.Length;
        return squares * 256 * 100 < n * ((n * 108) + 25_600);
    }

    private static void WriteStored(ref BitWriter writer, ReadOnlySpan<byte> block, bool last)
    {
        do
        {
            var part = block[..Math.Min(block.Length, MaxStored)];
            block = block[part.Length..];
            writer.Add(last && block.IsEmpty ? 1u : 0, 1);
            writer.Add(0, 2);
            writer.Align();
            writer.Add((ushort)part.Length, 16);
            writer.Add((ushort)~part.Length, 16);
            writer.Align();
            writer.Write(part);
        }
        while (!block.IsEmpty);
    }

    // Four tables, since counting the same byte again at once would wait for the count before.
    private void Histogram(ReadOnlySpan<byte> bytes)
    {
        Array.Clear(_histogram);
        ref var h = ref MemoryMarshal.GetArrayDataReference(_histogram);
        for (; bytes.Length >= 4; bytes = bytes[4..])
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            Unsafe.Add(ref h, (nint)(word & 0xFF))++;
            Unsafe.Add(ref h, (nint)(256 + ((word >> 8) & 0xFF)))++;
            Unsafe.Add(ref h, (nint)(512 + ((word >> 16) & 0xFF)))++;
            Unsafe.Add(ref h, (nint)(768 + (word >> 24)))++;
        }

        foreach (var b in bytes) _histogram[b]++;
        for (var i = 0; i < 256; i++)
            _literalCounts[i] = _histogram[i] + _histogram[256 + i] + _histogram[512 + i] + _histogram[768 + i];
    }

    private void Count(ReadOnlySpan<byte> block)
    {
        Array.Clear(_literalCounts);
        Array.Clear(_distanceCounts);
        if (_matches.Count == 0)
        {
            Histogram(block);
        }
        else
        {
            var at = 0;
            var literals = _matches.Literals;
            var copies = _matches.Copies;
            for (var i = 0; i < copies.Length; i++)
            {
                foreach (var b in block.Slice(at, literals[i])) _literalCounts[b]++;
                var length = copies[i] >> 16;
                _literalCounts[DeflateTables.LengthSymbol(length)]++;
                _distanceCounts[DeflateTables.DistanceSymbol((copies[i] & 0xFFFF) + 1)]++;
                at += literals[i] + length;
            }

            foreach (var b in block[at..]) _literalCounts[b]++;
        }

        _literalCounts[DeflateTables.EndOfBlock] = 1;
    }

    private long ExtraBits()
    {
        long bits = 0;
        for (var symbol = DeflateTables.EndOfBlock + 1; symbol < DeflateTables.LiteralSymbols; symbol++)
            bits += (long)_literalCounts[symbol] * DeflateTables.LengthExtraBits(symbol);
        for (var symbol = 0; symbol < DeflateTables.DistanceSymbols; symbol++)
            bits += (long)_distanceCounts[symbol] * DeflateTables.DistanceExtraBits(symbol);
        return bits;
    }

    // The two codes' lengths, side by side and run-length coded (RFC 1951, 3.2.7).
    private int CodeLengths(out int literals, out int distances, out long bits)
    {
        literals = DeflateTables.LiteralSymbols;
        while (literals > 257 && _literalCode.Lengths[literals - 1] == 0) literals--;
        distances = DeflateTables.DistanceSymbols;
        while (distances > 1 && _distanceCode.Lengths[distances - 1] == 0) distances--;
        Span<byte> all = stackalloc byte[literals + distances];
        _literalCode.Lengths.AsSpan(0, literals).CopyTo(all);
        _distanceCode.Lengths.AsSpan(0, distances).CopyTo(all[literals..]);

        Array.Clear(_lengthCounts);
        var n = 0;
        for (var i = 0; i < all.Length;)
        {
            var run = 1;
            while (i + run < all.Length && all[i + run] == all[i]) run++;
            i += AddRun(all[i], run, i > 0 && all[i - 1] == all[i], ref n);
        }

        _lengthCode.Build(_lengthCounts);
        bits = 3 + 14 + (19 * 3) + _lengthCode.Cost(_lengthCounts)
            + (2L * _lengthCounts[16]) + (3L * _lengthCounts[17]) + (7L * _lengthCounts[18]);
        return n;
    }

    // Returns how many of the run were taken: zeros 3 to 138 at a time, others repeat the one before 3 to 6 times.
    private int AddRun(byte value, int run, bool repeats, ref int n)
    {
        if (value == 0 && run >= 3)
        {
            var taken = Math.Min(run, 138);
            Put(taken <= 10 ? (byte)17 : (byte)18, taken <= 10 ? taken - 3 : taken - 11, ref n);
            return taken;
        }

        if (value != 0 && repeats && run >= 3)
        {
            var taken = Math.Min(run, 6);
            Put(16, taken - 3, ref n);
            return taken;
        }

        Put(value, 0, ref n);
        return 1;
    }

    private void Put(byte symbol, int extra, ref int n)
    {
        _runs[n] = symbol;
        _runExtras[n++] = (byte)extra;
        _lengthCounts[symbol]++;
    }

    private void WriteCodes(ref BitWriter writer, int runs, int literals, int distances)
    {
        var order = DeflateTables.CodeLengthOrder;
        var used = order.Length;
        while (used > 4 && _lengthCode.Lengths[order[used - 1]] == 0) used--;
        writer.Add((uint)(literals - 257), 5);
        writer.Add((uint)(distances - 1), 5);
        writer.Add((uint)(used - 4), 4);
        writer.Flush();
        for (var i = 0; i < used; i++)
        {
            writer.Add(_lengthCode.Lengths[order[i]], 3);
            writer.Flush();
        }

        for (var i = 0; i < runs; i++)
        {
            var symbol = _runs[i];
            writer.Add(_lengthCode.Words[symbol], _lengthCode.Lengths[symbol]);
            if (symbol >= 16) writer.Add(_runExtras[i], symbol switch { 16 => 2, 17 => 3, _ => 7 });
            writer.Flush();
        }
    }

    private void WriteSymbols(ref BitWriter writer, ReadOnlySpan<byte> block)
    {
        for (var i = 0; i < 256; i++) _entries[i] = _literalCode.Words[i] | ((uint)_literalCode.Lengths[i] << 16);
        var at = 0;
        var literals = _matches.Literals;
        var copies = _matches.Copies;
        if (copies.Length > 0) PrepareLengths();
        for (var i = 0; i < copies.Length; i++)
        {
            WriteLiterals(ref writer, block.Slice(at, literals[i]));
            var length = copies[i] >> 16;
            var entry = _lengthEntries[length - 3];
            writer.Add(entry & 0xFFFFFF, (int)(entry >> 24));
            var distance = (copies[i] & 0xFFFF) + 1;
            var symbol = DeflateTables.DistanceSymbol(distance);
            var extraBits = DeflateTables.DistanceExtraBits(symbol);
            writer.Add(_distanceCode.Words[symbol], _distanceCode.Lengths[symbol]);
            writer.Add((uint)((distance - 1) & ((1 << extraBits) - 1)), extraBits);
            writer.Flush();
            at += literals[i] + length;
        }

        WriteLiterals(ref writer, block[at..]);
        writer.Add(_literalCode.Words[DeflateTables.EndOfBlock], _literalCode.Lengths[DeflateTables.EndOfBlock]);
        writer.Flush();
    }

    // Word and extra bits of every length together, at most 20 bits, and how many there are.
    private void PrepareLengths()
    {
        for (var length = 3; length <= 258; length++)
        {
            var symbol = DeflateTables.LengthSymbol(length);
            var bits = _literalCode.Lengths[symbol];
            var extra = (uint)(length - DeflateTables.LengthBase(symbol)) << bits;
            var all = (uint)(bits + DeflateTables.LengthExtraBits(symbol));
            _lengthEntries[length - 3] = _literalCode.Words[symbol] | extra | (all << 24);
        }
    }

    private void WriteLiterals(ref BitWriter writer, ReadOnlySpan<byte> bytes)
    {
        ref var entries = ref MemoryMarshal.GetArrayDataReference(_entries);
        var i = 0;
        // Three words of at most 15 bits fit beside the 7 bits that may wait.
        for (; i + 3 <= bytes.Length; i += 3)
        {
            var a = Unsafe.Add(ref entries, (nint)bytes[i]);
            var b = Unsafe.Add(ref entries, (nint)bytes[i + 1]);
            var c = Unsafe.Add(ref entries, (nint)bytes[i + 2]);
            writer.Add(a & 0xFFFF, (int)(a >> 16));
            writer.Add(b & 0xFFFF, (int)(b >> 16));
            writer.Add(c & 0xFFFF, (int)(c >> 16));
            writer.Flush();
        }

        for (; i < bytes.Length; i++)
        {
            var entry = _entries[bytes[i]];
            writer.Add(entry & 0xFFFF, (int)(entry >> 16));
            writer.Flush();
        }
    }
}
