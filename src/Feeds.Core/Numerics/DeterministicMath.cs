namespace Feeds.Core.Numerics;

/// <summary>
/// Elementary functions that give the same bits on every machine: only additions, multiplications, divisions and bit
/// operations in a fixed order, never fused. The framework's own differ between machines and between scalar and vector
/// code.
/// </summary>
public static class DeterministicMath
{
    // ln 2 in two parts: the first has 21 trailing zero bits, so exponent · Ln2High is exact.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double SqrtHalf = 0.70710678118654752440;
    private const double InverseLn2 = 1.4426950408889634074;

    // π/2 in four parts; the first three have 33 bits.
    private const double HalfPi1 = 1.5707963267341256;
    private const double HalfPi2 = 6.077100506303966e-11;
    private const double HalfPi3 = 2.0222662487111665e-21;
    private const double HalfPi4 = 8.4784276603689e-32;
    private const double InverseHalfPi = 0.63661977236758134308;

    /// <summary>The largest angle of <see cref="Sin"/> and <see cref="Cos"/>, radians: 2^20 quarter turns.</summary>
    public const double MaxAngle = 1647099;

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

    /// <summary>
    /// Returns e to the power of <paramref name="x"/>, within 1 ulp; 0 below −745.2, +∞ above 709.8, NaN for NaN.
    /// </summary>
    /// <remarks>exp(k·ln 2 + r) = 2^k·exp(r), with |r| ≤ ½ ln 2 carried in two parts, and the series of exp.</remarks>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
        {
            return double.NaN;
        }

        if (x > 709.79)
        {
            return double.PositiveInfinity;
        }

        if (x < -745.14)
        {
            return 0;
        }

        int k = (int)Math.Round(x * InverseLn2, MidpointRounding.ToEven);
        double high = x - (k * Ln2High);
        double low = -(k * Ln2Low);
        double r = high + low;
        double rest = (high - r) + low;

        double series = 1.0 / 6227020800;
        series = (series * r) + (1.0 / 479001600);
        series = (series * r) + (1.0 / 39916800);
        series = (series * r) + (1.0 / 3628800);
        series = (series * r) + (1.0 / 362880);
        series = (series * r) + (1.0 / 40320);
        series = (series * r) + (1.0 / 5040);
        series = (series * r) + (1.0 / 720);
        series = (series * r) + (1.0 / 120);
        series = (series * r) + (1.0 / 24);
        series = (series * r) + (1.0 / 6);
        series = (series * r) + 0.5;

        // 1 + r rounds; what it loses is known exactly and is added to the small terms.
        double sum = 1 + r;
        double lost = r - (sum - 1);
        return Scale(sum + (lost + rest + (r * r * series)), k);
    }

    /// <summary>
    /// Returns the sine of an angle in radians, within 1 ulp for |x| up to <see cref="MaxAngle"/>; NaN beyond and for
    /// NaN.
    /// </summary>
    public static double Sin(double x)
    {
        if (!(Math.Abs(x) <= MaxAngle))
        {
            return double.NaN;
        }

        int quarter = ReduceAngle(x, out double high, out double low);
        double value = (quarter & 1) == 0 ? SinKernel(high, low) : CosKernel(high, low);
        return (quarter & 2) == 0 ? value : -value;
    }

    /// <summary>
    /// Returns the cosine of an angle in radians, within 1 ulp for |x| up to <see cref="MaxAngle"/>; NaN beyond and for
    /// NaN.
    /// </summary>
    public static double Cos(double x)
    {
        if (!(Math.Abs(x) <= MaxAngle))
        {
            return double.NaN;
        }

        int quarter = ReduceAngle(x, out double high, out double low);
        double value = (quarter & 1) == 0 ? CosKernel(high, low) : SinKernel(high, low);
        return ((quarter + 1) & 2) == 0 ? value : -value;
    }

    // x = quarter·π/2 + high + low. The parts of π/2 have 33 bits, so their products with a quarter below 2^20 are
    // exact.
    private static int ReduceAngle(double x, out double high, out double low)
    {
        double k = Math.Round(x * InverseHalfPi, MidpointRounding.ToEven);
        double rest = x - (k * HalfPi1);
        double b = k * HalfPi2;
        double r1 = rest - b;
        double e1 = Lost(rest, b, r1);
        double c = k * HalfPi3;
        double r2 = r1 - c;
        double e2 = Lost(r1, c, r2);
        double tail = e1 + e2 - (k * HalfPi4);
        high = r2 + tail;
        low = (r2 - high) + tail;
        return (int)k;
    }

    // What a − b lost when it was rounded to difference; exact whichever of the two is larger.
    private static double Lost(double a, double b, double difference)
    {
        double minusB = difference - a;
        return (a - (difference - minusB)) - (b + minusB);
    }

    private static double SinKernel(double x, double low)
    {
        double z = x * x;
        double series = 1.0 / 355687428096000;
        series = (series * z) - (1.0 / 1307674368000);
        series = (series * z) + (1.0 / 6227020800);
        series = (series * z) - (1.0 / 39916800);
        series = (series * z) + (1.0 / 362880);
        series = (series * z) - (1.0 / 5040);
        series = (series * z) + (1.0 / 120);
        series = (series * z) - (1.0 / 6);
        return x + ((x * z * series) + (low * (1 - (0.5 * z))));
    }

    private static double CosKernel(double x, double low)
    {
        double z = x * x;
        double series = 1.0 / 20922789888000;
        series = (series * z) - (1.0 / 87178291200);
        series = (series * z) + (1.0 / 479001600);
        series = (series * z) - (1.0 / 3628800);
        series = (series * z) + (1.0 / 40320);
        series = (series * z) - (1.0 / 720);
        series = (series * z) + (1.0 / 24);
        double half = 0.5 * z;
        double w = 1 - half;
        return w + (((1 - w) - half) + ((z * z * series) - (x * low)));
    }

    // Multiplies by 2^k. In two steps at the ends of the range, as 2^k itself is no normal number there.
    private static double Scale(double value, int k) => k switch
    {
        > 1023 => value * 2 * PowerOfTwo(k - 1),
        < -1022 => value * PowerOfTwo(k + 100) * PowerOfTwo(-100),
        _ => value * PowerOfTwo(k),
    };

    private static double PowerOfTwo(int k) => BitConverter.Int64BitsToDouble((long)(k + 1023) << 52);
}
