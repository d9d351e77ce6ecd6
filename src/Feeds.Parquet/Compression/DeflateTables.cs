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

    /// <summary>The order in which the lengths of the code for code lengths are written.</summary>
    public static ReadOnlySpan<byte> CodeLengthOrder =>
        [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Symbol, extra bits and their value of a match length, 3 to 258.</summary>
    public static int LengthSymbol(int length, out int extraBits, out int extra)
    {
        var index = LengthIndex[length - 3];
        extraBits = LengthExtra[index];
        extra = length - LengthBases[index];
        return 257 + index;
    }

    /// <summary>Symbol, extra bits and their value of a distance, 1 to 32,768.</summary>
    public static int DistanceSymbol(int distance, out int extraBits, out int extra)
    {
        var d = distance - 1;
        if (d < 4)
        {
            extraBits = extra = 0;
            return d;
        }

        // Two symbols for each power of two: the highest bit counts, and the one below it.
        var high = BitOperations.Log2((uint)d);
        extraBits = high - 1;
        extra = d & ((1 << extraBits) - 1);
        return (2 * high) + ((d >> extraBits) & 1);
    }

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
}
