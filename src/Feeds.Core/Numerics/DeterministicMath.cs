namespace Feeds.Core.Numerics;

/// <summary>
/// Elementary functions that give the same bits on every machine: only additions, multiplications, divisions and bit operations
/// in a fixed order, never fused. The framework's own differ between machines and between scalar and vector code.
/// </summary>
public static class DeterministicMath
{
    // ln 2 in two parts: the first has 21 trailing zero bits, so exponent · Ln2High is exact.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double SqrtHalf = 0.70710678118654752440;

    /// <summary>Returns the natural logarithm, within 1 ulp; NaN below 0 and for NaN, −∞ at 0, +∞ at +∞.</summary>
    /// <remarks>ln(2^e·m) = e·ln 2 + 2·artanh((m−1)/(m+1)), with m in [√½, √2) and the odd series of artanh.</remarks>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0)
        {
            return double.NaN;
        }

        if (x == 0)
        {
            return double.NegativeInfinity;
        }

        if (double.IsPositiveInfinity(x))
        {
            return x;
        }

        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = 0;
        if (bits < 0x0010_0000_0000_0000L)
        {
            bits = BitConverter.DoubleToInt64Bits(x * 18014398509481984.0); // 2^54: out of the subnormal range
            exponent = -54;
        }

        exponent += (int)(bits >> 52) - 1022;
        double m = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFFL) | 0x3FE0_0000_0000_0000L);
        if (m < SqrtHalf)
        {
            m += m;
            exponent--;
        }

        // f = m − 1 is exact. 2·artanh(s) = f − s·(f − R) with R = the series' rest: the large term f stays unrounded.
        double f = m - 1;
        double s = f / (2 + f);
        double z = s * s;
        double rest = 2.0 / 23;
        rest = (rest * z) + (2.0 / 21);
        rest = (rest * z) + (2.0 / 19);
        rest = (rest * z) + (2.0 / 17);
        rest = (rest * z) + (2.0 / 15);
        rest = (rest * z) + (2.0 / 13);
        rest = (rest * z) + (2.0 / 11);
        rest = (rest * z) + (2.0 / 9);
        rest = (rest * z) + (2.0 / 7);
        rest = (rest * z) + (2.0 / 5);
        rest = (rest * z) + (2.0 / 3);
        rest *= z;
        double low = (s * (f - rest)) - (exponent * Ln2Low);
        return (exponent * Ln2High) - (low - f);
    }
}
