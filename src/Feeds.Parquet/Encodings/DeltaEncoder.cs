using Feeds.Parquet.Buffers;

namespace Feeds.Parquet.Encodings;

/// <summary>Delta binary packing: the first value, then blocks of differences above the block's smallest one.</summary>
internal static class DeltaEncoder
{
    public const int BlockSize = 128;
    public const int MiniBlocks = 4;
    private const int MiniSize = BlockSize / MiniBlocks;

    public static void Encode(ReadOnlySpan<long> values, ByteBuffer output)
    {
        Header(values.Length, values.Length == 0 ? 0 : values[0], output);
        Span<long> deltas = stackalloc long[BlockSize];
        for (var at = 1; at < values.Length; at += BlockSize)
        {
            var n = Math.Min(BlockSize, values.Length - at);
            for (var i = 0; i < n; i++) deltas[i] = values[at + i] - values[at + i - 1];
            Block(deltas[..n], output, false);
        }
    }

    public static void Encode(ReadOnlySpan<int> values, ByteBuffer output)
    {
        Header(values.Length, values.Length == 0 ? 0 : values[0], output);
        Span<long> deltas = stackalloc long[BlockSize];
        for (var at = 1; at < values.Length; at += BlockSize)
        {
            var n = Math.Min(BlockSize, values.Length - at);
            // Differences of 32-bit numbers wrap at 32 bits, so that no width above 32 ever arises.
            for (var i = 0; i < n; i++) deltas[i] = values[at + i] - values[at + i - 1];
            Block(deltas[..n], output, true);
        }
    }

    private static void Header(int count, long first, ByteBuffer output)
    {
        output.WriteVarint(BlockSize);
        output.WriteVarint(MiniBlocks);
        output.WriteVarint((ulong)count);
        output.WriteZigZag(first);
    }

    private static void Block(Span<long> deltas, ByteBuffer output, bool narrow)
    {
        var min = deltas[0];
        foreach (var delta in deltas) min = Math.Min(min, delta);
        output.WriteZigZag(min);

        Span<ulong> above = stackalloc ulong[BlockSize];
        above.Clear();
        for (var i = 0; i < deltas.Length; i++)
            above[i] = narrow ? (uint)((int)deltas[i] - (int)min) : (ulong)(deltas[i] - min);

        Span<byte> widths = stackalloc byte[MiniBlocks];
        for (var m = 0; m < MiniBlocks; m++)
        {
            ulong all = 0;
            foreach (var value in above.Slice(m * MiniSize, MiniSize)) all |= value;
            widths[m] = (byte)BitPacking.WidthOf(all);
        }

        output.Write(widths);
        // Mini blocks without a single value are left out.
        for (var m = 0; m * MiniSize < deltas.Length; m++)
        {
            ReadOnlySpan<ulong> mini = above.Slice(m * MiniSize, MiniSize);
            output.Advance(BitPacking.Pack(mini, widths[m], output.GetSpan((MiniSize / 8 * widths[m]) + 8)));
        }
    }
}
