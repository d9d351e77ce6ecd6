using System.Numerics;

namespace Feeds.Tests.Core.Numerics;

/// <summary>
/// Elementary functions in fixed point of 256 bits after the point: the slow truth to hold doubles against.
/// </summary>
internal static class BigFixed
{
    private const int Bits = 256;

    public static readonly BigInteger One = BigInteger.One << Bits;

    // Machin: π = 16·arctan(1/5) − 4·arctan(1/239).
    public static readonly BigInteger Pi = (16 * ArcTanOfInverse(5)) - (4 * ArcTanOfInverse(239));

    public static readonly BigInteger Ln2 = 2 * ArTanh(One / 3);

    /// <summary>Returns the exact value of a double with at most 256 bits after the point.</summary>
    public static BigInteger From(double value)
    {
        (BigInteger mantissa, int exponent) = Split(value);
        return exponent + Bits >= 0 ? mantissa << (exponent + Bits) : mantissa >> -(exponent + Bits);
    }

    public static BigInteger Log(double value)
    {
        (BigInteger mantissa, int exponent) = Split(value);
        int length = (int)mantissa.GetBitLength();
        BigInteger m = mantissa << (Bits - length);
        return (2 * ArTanh(((m - One) << Bits) / (m + One))) + ((exponent + length) * Ln2);
    }

    /// <summary>Returns exp(value) as a fixed-point number and a power of two to multiply it by.</summary>
    public static (BigInteger Value, int Power) Exp(double value)
    {
        BigInteger x = From(value);
        BigInteger k = ((2 * x) + Ln2) / (2 * Ln2);
        BigInteger r = x - (k * Ln2);
        BigInteger sum = One;
        BigInteger term = One;
        for (int i = 1; !term.IsZero && i < 200; i++)
        {
            term = (term * r >> Bits) / i;
            sum += term;
        }

        return (sum, (int)k);
    }

    public static BigInteger Sin(double value) => SinOf(From(value));

    public static BigInteger Cos(double value) => SinOf(From(value) + (Pi / 2));

    /// <summary>Returns how far a double is from value·2^power, in units of its last place.</summary>
    public static double UlpError(double approximation, BigInteger value, int power = 0)
    {
        BigInteger scaled = power >= -200 ? value << 200 + power : value >> -200 - power;
        (BigInteger mantissa, int exponent) = Split(approximation);
        BigInteger approximate = exponent + Bits + 200 >= 0
            ? mantissa << (exponent + Bits + 200) : mantissa >> -(exponent + Bits + 200);
        (_, int ulpExponent) = Split(Math.BitIncrement(Math.Abs(approximation)));
        BigInteger ulp = BigInteger.One << Math.Max(0, ulpExponent + Bits + 200);
        return (double)((approximate - scaled) * 1_000_000 / ulp) / 1_000_000;
    }

    private static BigInteger SinOf(BigInteger x)
    {
        BigInteger turn = 2 * Pi;
        x = BigInteger.Remainder(x, turn);
        BigInteger sum = x;
        BigInteger term = x;
        BigInteger square = x * x >> Bits;
        for (int i = 1; !term.IsZero && i < 200; i++)
        {
            term = -(term * square >> Bits) / (2 * i * ((2 * i) + 1));
            sum += term;
        }

        return sum;
    }

    private static BigInteger ArTanh(BigInteger s)
    {
        BigInteger square = s * s >> Bits;
        BigInteger sum = 0;
        BigInteger power = s;
        for (int i = 1; !power.IsZero && i < 2000; i += 2)
        {
            sum += power / i;
            power = power * square >> Bits;
        }

        return sum;
    }

    private static BigInteger ArcTanOfInverse(int n)
    {
        BigInteger sum = 0;
        BigInteger power = One / n;
        for (int i = 1; !power.IsZero; i += 2)
        {
            sum += (i & 2) == 0 ? power / i : -(power / i);
            power /= n * n;
        }

        return sum;
    }

    private static (BigInteger Mantissa, int Exponent) Split(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> 52) & 0x7FF;
        long fraction = bits & 0xFFFFFFFFFFFFFL;
        BigInteger mantissa = exponent == 0 ? fraction : fraction | (1L << 52);
        return (bits < 0 ? -mantissa : mantissa, Math.Max(exponent, 1) - 1075);
    }
}
