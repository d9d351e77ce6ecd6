using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Feeds.Core.Books;

namespace Feeds.Binance.Wire;

/// <summary>
/// Reads the sides of a book, as the exchange writes them and no other way: four levels at a time where the processor
/// has the vectors and the numbers are alike, else one by one.
/// </summary>
internal sealed class SideReader
{
    private readonly QuoteIndex _quotes = new();
    private bool _isBuilt;
    private bool _isUsable;
    private int _at;

    /// <summary>Begins a new frame.</summary>
    public void Begin() => _isBuilt = false;

    /// <summary>
    /// True when the side at <paramref name="p"/> was read; then <paramref name="p"/> stands behind it.
    /// </summary>
    public bool Read(ref byte f, ref nint p, nint length, Span<PriceLevel> levels, out int count)
    {
        p = QuoteIndex.IsSupported && FindQuotes(ref f, p, length)
            ? ReadLanes(ref f, p, length, levels, out count)
            : LevelReader.Read(ref f, p, length, levels, out count);
        return p >= 0;
    }

    private bool FindQuotes(ref byte f, nint p, nint length)
    {
        if (!_isBuilt)
        {
            _isBuilt = true;
            _isUsable = _quotes.Build(ref f, p, length);
            _at = 0;
        }

        return _isUsable;
    }

    private nint ReadLanes(ref byte f, nint p, nint length, Span<PriceLevel> levels, out int count)
    {
        ref ushort places = ref _quotes.First;
        while (_at < _quotes.Count && Unsafe.Add(ref places, _at) < p)
        {
            _at++;
        }

        count = 0;
        if (_at + 16 > _quotes.Count || Unsafe.Add(ref places, _at) != p + 2
            || Text.Load16(ref f, p) != (('[' << 8) | '['))
        {
            return LevelReader.Read(ref f, p, length, levels, out count);
        }

        // The first level says how many decimals all have.
        nint price = p + 3;
        nint quantity = Unsafe.Add(ref places, _at + 2) + 1;
        if (DigitKernel.Read(ref f, price, length, out _, out int priceDecimals) == 0
            || DigitKernel.Read(ref f, quantity, length, out _, out int quantityDecimals) == 0)
        {
            return -1;
        }

        LevelLanes lanes = new(priceDecimals, quantityDecimals);
        ref PriceLevel first = ref MemoryMarshal.GetReference(levels);
        nint level = p + 1;
        while (count + 4 <= levels.Length && _at + 16 <= _quotes.Count
            && lanes.Read(ref f, ref Unsafe.Add(ref places, _at), ref Unsafe.Add(ref first, count)))
        {
            count += 4;
            _at += 16;
            nint end = Unsafe.Add(ref places, _at - 1);
            if (end + 4 > length)
            {
                return -1;
            }

            uint next = Text.Load32(ref f, end) >> 8;
            if ((next & 0xFFFF) == ((']' << 8) | ']'))
            {
                return end + 3;
            }

            if (next != ((uint)'[' << 16 | (uint)',' << 8 | ']') || count == levels.Length)
            {
                return -1;
            }

            level = end + 3;
        }

        // Fewer than four are left, or numbers that are not alike.
        return LevelReader.ReadOn(ref f, level, length, levels, ref count);
    }
}
