using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Feeds.Parquet.Compression;

/// <summary>
/// Finds repetitions: each is a run of literal bytes followed by a copy of at least 4 bytes from at most 32 KiB back.
/// Greedy, with one candidate per hash, and ever larger steps where nothing repeats.
/// </summary>
internal sealed class MatchFinder
{
    private const int HashBits = 14;
    private const int Window = 1 << 15;
    private const int MinMatch = 4;
    private const int MaxMatch = 258;
    private const int Tail = 12;

    private readonly int[] _table = new int[1 << HashBits];
    private int _base = Window;
    private int[] _literals = new int[1024];
    private int[] _copies = new int[1024];

    /// <summary>How many pairs of literals and copy were found; literals after the last are not counted.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of all copies together.</summary>
    public int CopiedBytes { get; private set; }

    /// <summary>Literal bytes before each copy.</summary>
    public ReadOnlySpan<int> Literals => _literals.AsSpan(0, Count);

    /// <summary>Each copy: length in the upper 16 bits, distance less one in the lower.</summary>
    public ReadOnlySpan<int> Copies => _copies.AsSpan(0, Count);

    /// <summary>Forgets everything: positions of earlier inputs no longer count.</summary>
    public void Reset(int inputLength)
    {
        // Positions go up from input to input, so that older ones are simply out of the window; the table is rarely
        // cleared.
        if (_base < int.MaxValue - (2 * Window) - inputLength) return;
        Array.Clear(_table);
        _base = Window;
    }

    /// <summary>Marks the end of an input of that length.</summary>
    public void Advance(int inputLength) => _base += inputLength + Window;

    /// <summary>Walks over a block of the input; copies do not reach past its end but may reach back before its
    /// begin.</summary>
    public void Find(ReadOnlySpan<byte> input, int start, int end)
    {
        Count = 0;
        CopiedBytes = 0;
        ref var bytes = ref MemoryMarshal.GetReference(input);
        var literal = start;
        var at = start;
        var limit = end - Tail;
        var skip = 32;
        while (at < limit)
        {
            var word = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref bytes, at));
            ref var slot = ref _table[(word * 0x9E3779B1) >> (32 - HashBits)];
            var candidate = slot - _base;
            slot = at + _base;
            if (candidate < 0 || at - candidate > Window
                || Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref bytes, candidate)) != word)
            {
                at += skip++ >> 5;
                continue;
            }

            var length = MatchLength(ref bytes, candidate, at, Math.Min(end - at, MaxMatch));
            Add(at - literal, length, at - candidate);
            // Positions inside of the copy: the second and the last but one are enough to find it again.
            Remember(ref bytes, at + 1);
            at += length;
            if (at < limit) Remember(ref bytes, at - 2);
            literal = at;
            skip = 32;
        }
    }

    private static int MatchLength(ref byte bytes, int a, int b, int max)
    {
        var n = MinMatch;
        while (n + 8 <= max)
        {
            var difference = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, a + n))
                ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, b + n));
            if (difference != 0) return n + (BitOperations.TrailingZeroCount(difference) >> 3);
            n += 8;
        }

        while (n < max && Unsafe.Add(ref bytes, a + n) == Unsafe.Add(ref bytes, b + n)) n++;
        return n;
    }

    private void Remember(ref byte bytes, int at)
    {
        var word = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref bytes, at));
        _table[(word * 0x9E3779B1) >> (32 - HashBits)] = at + _base;
    }

    private void Add(int literals, int length, int distance)
    {
        if (Count == _copies.Length)
        {
            Array.Resize(ref _literals, Count * 2);
            Array.Resize(ref _copies, Count * 2);
        }

        CopiedBytes += length;
        _literals[Count] = literals;
        _copies[Count++] = (length << 16) | (distance - 1);
    }
}
