using System.Globalization;

namespace Feeds.Core.Numerics;

/// <summary>The conversion of decimals to doubles in one place.</summary>
public static class DecimalDouble
{
    private const ulong MaxExact = 1UL << 53;

    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ];

    /// <summary>
    /// Returns the nearest double of a decimal. The framework's cast is not: it can differ in the last bit between 1.5
    /// and 1.500, so a bar that was summed up and the exchange's own bar with the same digits would give different
    /// features.
    /// </summary>
    public static double ToDouble(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        ulong mantissa = (uint)parts[0] | ((ulong)(uint)parts[1] << 32);
        int scale = (parts[3] >> 16) & 0xFF;
        if (parts[2] == 0 && mantissa <= MaxExact && scale < PowersOfTen.Length)
        {
            // Both operands are exact, so the one rounding of the division gives the nearest double.
            double magnitude = mantissa / PowersOfTen[scale];
            return parts[3] < 0 ? -magnitude : magnitude;
        }

        Span<byte> text = stackalloc byte[48];
        value.TryFormat(text, out int written, default, CultureInfo.InvariantCulture);
        return double.Parse(text[..written], NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
