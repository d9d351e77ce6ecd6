using System.Globalization;

namespace Feeds.Core.Numerics;

/// <summary>
/// Numbers as exchanges write them, and nothing else: an optional minus, digits, an optional point with digits. No
/// exponent, no blank, no sign plus, no thousands separator, no NaN or infinity: the framework's own parsers take all
/// of those (<c>double.Parse("1,5")</c> is 15), and a wrong price must not enter a state.
/// </summary>
public static class StrictNumber
{
    /// <summary>The most characters a number may have.</summary>
    public const int MaxLength = 64;

    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ];

    /// <summary>
    /// True when the text is a number; <paramref name="value"/> is the nearest double, always finite.
    /// </summary>
    public static bool TryParseDouble(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        if (!Scan(text, out ulong mantissa, out int decimals, out bool exact))
        {
            return false;
        }

        if (exact && mantissa <= (1UL << 53) && decimals < PowersOfTen.Length)
        {
            // Both operands are exact, so the one rounding of the division gives the nearest double.
            double magnitude = mantissa / PowersOfTen[decimals];
            value = text[0] == (byte)'-' ? -magnitude : magnitude;
            return true;
        }

        return double.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out value)
            && double.IsFinite(value);
    }

    /// <summary>
    /// True when the text is a number of at most 28 digits, and as many after the point, which a decimal holds exactly.
    /// </summary>
    public static bool TryParseDecimal(ReadOnlySpan<byte> text, out decimal value)
    {
        value = 0;
        if (!Scan(text, out ulong mantissa, out int decimals, out bool exact))
        {
            return false;
        }

        if (exact && decimals <= 28)
        {
            value = new decimal((int)mantissa, (int)(mantissa >> 32), 0, text[0] == (byte)'-', (byte)decimals);
            return true;
        }

        // The framework rounds what has more digits than fit; that is a loss, so the digits are counted first.
        return SignificantDigits(text) <= 28 && decimals <= 28
            && decimal.TryParse(
                text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out value);
    }

    /// <summary>True when the text is a whole number within a long.</summary>
    public static bool TryParseInt64(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (!Scan(text, out ulong mantissa, out int decimals, out bool exact) || !exact || decimals != 0
            || text.IndexOf((byte)'.') >= 0)
        {
            return false;
        }

        bool negative = text[0] == (byte)'-';
        if (mantissa > long.MaxValue + (negative ? 1UL : 0UL))
        {
            return false;
        }

        value = negative ? unchecked(-(long)mantissa) : (long)mantissa;
        return true;
    }

    /// <summary>
    /// Checks the grammar; <paramref name="exact"/> is false when the digits do not fit into 64 bits.
    /// </summary>
    private static bool Scan(ReadOnlySpan<byte> text, out ulong mantissa, out int decimals, out bool exact)
    {
        mantissa = 0;
        decimals = 0;
        exact = true;
        if (text.IsEmpty || text.Length > MaxLength)
        {
            return false;
        }

        int start = text[0] == (byte)'-' ? 1 : 0;
        int point = -1;
        for (int i = start; i < text.Length; i++)
        {
            uint digit = (uint)(text[i] - '0');
            if (digit <= 9)
            {
                exact = exact && mantissa <= (ulong.MaxValue - digit) / 10;
                mantissa = exact ? (mantissa * 10) + digit : mantissa;
            }
            else if (text[i] == (byte)'.' && point < 0 && i > start)
            {
                point = i;
            }
            else
            {
                return false;
            }
        }

        decimals = point < 0 ? 0 : text.Length - point - 1;
        return text.Length > start && (point < 0 || decimals > 0);
    }

    private static int SignificantDigits(ReadOnlySpan<byte> text)
    {
        int digits = 0;
        foreach (byte b in text)
        {
            if (b is >= (byte)'0' and <= (byte)'9' && (digits > 0 || b != (byte)'0'))
            {
                digits++;
            }
        }

        return digits;
    }
}
