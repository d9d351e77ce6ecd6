using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Feeds.Core.Market;

namespace Feeds.Binance.Wire;

/// <summary>
/// The symbols that are watched, found by the bytes of a frame without making a string. Immutable: a change gives a new
/// table, in which every other symbol keeps its index, so that what is kept beside it in arrays stays valid.
/// </summary>
public sealed class SymbolTable
{
    private readonly Symbol?[] _symbols;
    private readonly byte[][] _keys;
    private readonly int[] _slots;
    private readonly uint _mask;

    private SymbolTable(Symbol?[] symbols)
    {
        _symbols = symbols;
        _keys = new byte[symbols.Length][];
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, symbols.Length * 4));
        _slots = new int[size];
        _mask = (uint)size - 1;
        for (int i = 0; i < symbols.Length; i++)
        {
            _keys[i] = symbols[i] is { } symbol ? Encoding.UTF8.GetBytes(symbol.Text) : [];
            if (_keys[i].Length > 0)
            {
                Insert(i);
                Count++;
            }
        }
    }

    /// <summary>The table without any symbol.</summary>
    public static SymbolTable Empty { get; } = new([]);

    /// <summary>How many symbols are watched.</summary>
    public int Count { get; }

    /// <summary>One more than the highest index ever given in the line of tables that led to this one.</summary>
    public int IndexLimit => _symbols.Length;

    /// <summary>The symbol at an index; null when it was removed.</summary>
    public Symbol? this[int index] => _symbols[index];

    /// <summary>Returns a table of these symbols, with indices in their order.</summary>
    /// <exception cref="ArgumentException">A symbol is there twice.</exception>
    public static SymbolTable Of(IEnumerable<Symbol> symbols)
    {
        Symbol[] all = [.. symbols];
        return all.Distinct().Count() == all.Length
            ? new(all)
            : throw new ArgumentException("a symbol is there twice", nameof(symbols));
    }

    /// <summary>Returns a table with the symbol as well; this one when it is there.</summary>
    public SymbolTable With(Symbol symbol) => IndexOf(symbol) >= 0 ? this : new([.. _symbols, symbol]);

    /// <summary>Returns a table without the symbol; its index is not given again.</summary>
    public SymbolTable Without(Symbol symbol)
    {
        int index = IndexOf(symbol);
        if (index < 0)
        {
            return this;
        }

        Symbol?[] symbols = [.. _symbols];
        symbols[index] = null;
        return new(symbols);
    }

    /// <summary>Returns the symbol's index, −1 when it is not watched.</summary>
    public int IndexOf(Symbol symbol) => Find(Encoding.UTF8.GetBytes(symbol.Text));

    /// <summary>
    /// Returns the index of the symbol that is spelled so in UTF-8, exactly; −1 when it is not watched.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ReadOnlySpan<byte> utf8)
    {
        uint slot = Hash(utf8) & _mask;
        while (true)
        {
            int index = _slots[slot] - 1;
            if (index < 0 || utf8.SequenceEqual(_keys[index]))
            {
                return index;
            }

            slot = (slot + 1) & _mask;
        }
    }

    // First and last eight bytes, which overlap in short names, tell symbols apart nearly always; the length does the
    // rest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        ref byte start = ref MemoryMarshal.GetReference(utf8);
        return utf8.Length >= 8
            ? Mix(
                Unsafe.ReadUnaligned<ulong>(ref start),
                Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, utf8.Length - 8)),
                utf8.Length)
            : HashShort(utf8);
    }

    // BTCUSDT and its like: two words of four bytes that overlap.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint HashShort(ReadOnlySpan<byte> utf8)
    {
        ref byte start = ref MemoryMarshal.GetReference(utf8);
        return utf8.Length >= 4
            ? Mix(
                Unsafe.ReadUnaligned<uint>(ref start),
                Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, utf8.Length - 4)),
                utf8.Length)
            : Mix(utf8.Length > 0 ? utf8[0] : 0u, utf8.Length > 0 ? utf8[^1] : 0u, utf8.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Mix(ulong first, ulong last, int length) =>
        (uint)(((first ^ BitOperations.RotateLeft(last, 23) ^ (ulong)length) * 0x9E3779B97F4A7C15UL) >> 40);

    private void Insert(int index)
    {
        uint slot = Hash(_keys[index]) & _mask;
        while (_slots[slot] != 0)
        {
            slot = (slot + 1) & _mask;
        }

        _slots[slot] = index + 1;
    }
}
