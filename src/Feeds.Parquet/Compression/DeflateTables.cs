using System.Numerics;

namespace Feeds.Parquet.Compression;

/// <summary>How DEFLATE (RFC 1951, 3.2.5) writes lengths and distances: a symbol and some extra bits.</summary>
internal static class DeflateTables
{
    public const int EndOfBlock = 256;
    public const int LiteralSymbols = 286;
    public const int DistanceSymbols = 30;

    private static readonly ushort[] LengthBases =
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
            258];

    private static readonly byte[] LengthExtra =
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    private static readonly byte[] LengthIndex = MakeLengthIndex();

    // Distances less one below 256, then in steps of 128, within which the symbol does not change.
    private static readonly byte[] DistanceIndex = MakeDistanceIndex();

    /// <summary>The order in which the lengths of the code for code lengths are written.</summary>
    public static ReadOnlySpan<byte> CodeLengthOrder =>
        [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>The symbol of a copy's length, 3 to 258.</summary>
    public static int LengthSymbol(int length) => 257 + LengthIndex[length - 3];

    /// <summary>The symbol of a distance, 1 to 32,768.</summary>
    public static int DistanceSymbol(int distance)
    {
        var d = distance - 1;
        return d < 256 ? DistanceIndex[d] : DistanceIndex[256 + (d >> 7)];
    }

    /// <summary>How many extra bits follow the symbol of a length.</summary>
    public static int LengthExtraBits(int symbol) => LengthExtra[symbol - 257];

    /// <summary>The smallest length of a symbol.</summary>
    public static int LengthBase(int symbol) => LengthBases[symbol - 257];

    /// <summary>How many extra bits follow the symbol of a distance: two symbols for each power of two.</summary>
    public static int DistanceExtraBits(int symbol) => symbol < 4 ? 0 : (symbol >> 1) - 1;

    private static byte[] MakeLengthIndex()
    {
        var index = new byte[256];
        for (var length = 3; length <= 258; length++)
        {
            var i = LengthBases.Length - 1;
            while (LengthBases[i] > length) i--;
            index[length - 3] = (byte)i;
        }

        return index;
    }

    private static byte[] MakeDistanceIndex()
    {
        var index = new byte[512];
        for (var i = 0; i < index.Length; i++) index[i] = (byte)SlowSymbol(i < 256 ? i : (i - 256) << 7);
        return index;
    }

    // The highest bit counts, and the one below it.
    private static int SlowSymbol(int d)
    {
        if (d < 4) return d;
        var high = BitOperations.Log2((uint)d);
        return (2 * high) + ((d >> (high - 1)) & 1);
    }
}
