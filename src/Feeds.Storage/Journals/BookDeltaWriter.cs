using System.Runtime.InteropServices;
using Feeds.Core.Books;

namespace Feeds.Storage.Journals;

/// <summary>
/// Writes books as what changed from the one before: for each side a list of steps through the old levels, best first.
/// A step is a byte: the number of levels that stay (0…63) in the low six bits, and in the high two what comes after
/// them.
/// </summary>
internal sealed class BookDeltaWriter
{
    /// <summary>The side ends after the levels that stay. With 63 of them it does not: the next step goes on.</summary>
    public const byte End = 0x00;

    /// <summary>The next level keeps its price and has a new quantity.</summary>
    public const byte NewQuantity = 0x40;

    /// <summary>A level comes in here.</summary>
    public const byte Insert = 0x80;

    /// <summary>The next old level goes.</summary>
    public const byte Remove = 0xC0;

    /// <summary>The most levels that one step lets stay.</summary>
    public const int MaxStay = 63;

    private const int LevelLength = 2 * sizeof(double);

    private readonly ByteColumn _steps;
    private readonly NumberColumn _prices;
    private readonly NumberColumn _quantities;
    private PriceLevel[] _bids = new PriceLevel[32];
    private PriceLevel[] _asks = new PriceLevel[32];
    private int _bidCount;
    private int _askCount;

    public BookDeltaWriter(ByteColumn steps, NumberColumn prices, NumberColumn quantities)
    {
        _steps = steps;
        _prices = prices;
        _quantities = quantities;
    }

    /// <summary>Forgets the book before: the next one is written whole.</summary>
    public void Clear()
    {
        _bidCount = 0;
        _askCount = 0;
    }

    public void Add(BookLevels book)
    {
        AddSide(_bids.AsSpan(0, _bidCount), book.Bids, descending: true);
        AddSide(_asks.AsSpan(0, _askCount), book.Asks, descending: false);
        Keep(book.Bids, ref _bids, ref _bidCount);
        Keep(book.Asks, ref _asks, ref _askCount);
    }

    private static void Keep(ReadOnlySpan<PriceLevel> side, ref PriceLevel[] kept, ref int count)
    {
        if (kept.Length < side.Length)
        {
            kept = new PriceLevel[side.Length];
        }

        side.CopyTo(kept);
        count = side.Length;
    }

    private void AddSide(ReadOnlySpan<PriceLevel> old, ReadOnlySpan<PriceLevel> side, bool descending)
    {
        double reference = old.Length > 0 ? old[0].Price : 0;
        int i = 0;
        int j = 0;
        while (true)
        {
            int stay = SameLevels(old[i..], side[j..]);
            i += stay;
            j += stay;
            for (; stay >= MaxStay; stay -= MaxStay)
            {
                _steps.Add(End | MaxStay);
            }

            if (j == side.Length)
            {
                _steps.Add((byte)(End | stay));
                return;
            }

            reference = j > 0 ? side[j - 1].Price : reference;
            PriceLevel level = side[j];
            if (i < old.Length && Bits(old[i].Price) == Bits(level.Price))
            {
                _steps.Add((byte)(NewQuantity | stay));
                _quantities.Add(level.Quantity);
                i++;
                j++;
            }
            else if (i < old.Length && (descending ? old[i].Price > level.Price : old[i].Price < level.Price))
            {
                _steps.Add((byte)(Remove | stay));
                i++;
            }
            else
            {
                _steps.Add((byte)(Insert | stay));
                _prices.Add(level.Price, reference);
                _quantities.Add(level.Quantity);
                j++;
            }
        }
    }

    // To the bit, sixteen bytes a level, at the speed of a memory comparison.
    private static int SameLevels(ReadOnlySpan<PriceLevel> old, ReadOnlySpan<PriceLevel> side) =>
        MemoryMarshal.AsBytes(old).CommonPrefixLength(MemoryMarshal.AsBytes(side)) / LevelLength;

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
}
