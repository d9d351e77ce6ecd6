using System.Runtime.CompilerServices;

namespace Feeds.Storage.Journals;

/// <summary>The last four distances, the newest first, and the largest that can be.</summary>
internal record struct BrotliRing(int First, int Second, int Third, int Fourth, int Limit)
{
    /// <summary>Returns the distance of a symbol; 24 bits must be there. Not above 0 for one that is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(int symbol, ref BrotliBits bits)
    {
        if (symbol < 16)
        {
            return symbol == 0 ? First : Near(symbol);
        }

        int extra = 1 + ((symbol - 16) >> 1);
        int distance = ((2 + (symbol & 1)) << extra) - 3 + bits.Take(extra);
        (First, Second, Third, Fourth) = (distance, First, Second, Third);
        return distance;
    }

    // 1 to 3 are the ones before, 4 to 9 the last and 10 to 15 the one before it, by -1, +1, -2, +2, -3, +3.
    private int Near(int symbol)
    {
        int by = (((symbol - 4) % 6 >> 1) + 1) * ((symbol & 1) == 0 ? -1 : 1);
        int distance = symbol switch
        {
            1 => Second,
            2 => Third,
            3 => Fourth,
            < 10 => First + by,
            _ => Second + by,
        };
        (First, Second, Third, Fourth) = (distance, First, Second, Third);
        return distance;
    }
}
