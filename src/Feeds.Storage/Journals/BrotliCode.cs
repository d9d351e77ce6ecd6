using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Feeds.Storage.Journals;

/// <summary>
/// A prefix code of Brotli (RFC 7932, section 3) as a table: the next ten bits say symbol and length, or where the table of longer
/// ones lies. Made again from block to block.
/// </summary>
internal sealed class BrotliCode
{
    /// <summary>The most bits of a symbol.</summary>
    public const int MaxLength = 15;

    private const int RootBits = 10;
    private const int LengthMask = 0x3F;
    private const int SymbolShift = 8;

    private readonly byte[] _lengths;
    private readonly int _symbolBits;
    private uint[] _table = new uint[1 << RootBits];

    /// <summary>Makes the code of an alphabet.</summary>
    public BrotliCode(int symbols)
    {
        _lengths = new byte[symbols];
        _symbolBits = 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)symbols - 1);
    }

    /// <summary>
    /// The first 1,024 entries are by the next ten bits. An entry has the length of the code in its low six bits and the symbol from
    /// bit eight on; where the length is above ten, the place of 32 entries by the five bits that follow.
    /// </summary>
    public uint[] Table => _table;

    /// <summary>Takes the next symbol; at least 15 bits must be there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Next(uint[] table, ref BrotliBits bits)
    {
        uint entry = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(table), (nint)(bits.Bits & ((1 << RootBits) - 1)));
        if ((entry & LengthMask) > RootBits)
        {
            entry = table[(int)(entry >> SymbolShift) + (int)((bits.Bits >> RootBits) & ((1 << (MaxLength - RootBits)) - 1))];
        }

        bits.Skip((int)entry);
        return (int)(entry >> SymbolShift);
    }

    /// <summary>Reads the code. False when it is none.</summary>
    public bool TryRead(ref BrotliBits bits)
    {
        _lengths.AsSpan().Clear();
        int skip = bits.FillAndTake(2);
        return skip == 1 ? TryReadSimple(ref bits) : BrotliLengths.TryRead(ref bits, skip, _lengths) && TryMakeTable();
    }

    private bool TryReadSimple(ref BrotliBits bits)
    {
        Span<int> symbols = stackalloc int[bits.FillAndTake(2) + 1];
        foreach (ref int symbol in symbols)
        {
            symbol = bits.FillAndTake(_symbolBits);
            if (symbol >= _lengths.Length || _lengths[symbol] != 0)
            {
                return false;
            }

            _lengths[symbol] = 1;
        }

        if (symbols.Length == 1)
        {
            Array.Fill(_table, (uint)symbols[0] << SymbolShift, 0, 1 << RootBits);
            return true;
        }

        ReadOnlySpan<byte> lengths = symbols.Length switch
        {
            2 => [1, 1],
            3 => [1, 2, 2],
            _ => bits.FillAndTake(1) == 0 ? [2, 2, 2, 2] : [1, 2, 3, 3],
        };
        for (int i = 0; i < symbols.Length; i++)
        {
            _lengths[symbols[i]] = lengths[i];
        }

        return TryMakeTable();
    }

    private bool TryMakeTable()
    {
        Span<int> next = stackalloc int[MaxLength + 1];
        next.Clear();
        foreach (byte length in _lengths)
        {
            next[length] += length > 0 ? 1 : 0;
        }

        int code = 0;
        for (int length = 1; length <= MaxLength; length++)
        {
            code <<= 1;
            (next[length], code) = (code, code + next[length]);
        }

        // A code must be full.
        if (code != 1 << MaxLength)
        {
            return false;
        }

        int used = 1 << RootBits;
        _table.AsSpan(0, used).Clear();
        for (int symbol = 0; symbol < _lengths.Length; symbol++)
        {
            int length = _lengths[symbol];
            if (length == 0)
            {
                continue;
            }

            uint entry = ((uint)symbol << SymbolShift) | (uint)length;
            int reversed = Reverse(next[length]++, length);
            if (length <= RootBits)
            {
                for (int at = reversed; at < 1 << RootBits; at += 1 << length)
                {
                    _table[at] = entry;
                }

                continue;
            }

            AddLong(entry, reversed, length, ref used);
        }

        return true;
    }

    private void AddLong(uint entry, int reversed, int length, ref int used)
    {
        const int Size = 1 << (MaxLength - RootBits);
        int root = reversed & ((1 << RootBits) - 1);
        if (_table[root] == 0)
        {
            if (_table.Length < used + Size)
            {
                Array.Resize(ref _table, Math.Max(_table.Length * 2, used + Size));
            }

            _table[root] = ((uint)used << SymbolShift) | MaxLength;
            used += Size;
        }

        int start = (int)(_table[root] >> SymbolShift);
        for (int at = reversed >> RootBits; at < Size; at += 1 << (length - RootBits))
        {
            _table[start + at] = entry;
        }
    }

    /// <summary>Returns a code with its first bit lowest.</summary>
    public static int Reverse(int code, int length)
    {
        int reversed = 0;
        for (int i = 0; i < length; i++)
        {
            reversed = (reversed << 1) | (code & 1);
            code >>= 1;
        }

        return reversed;
    }
}
