using System.Runtime.InteropServices;

namespace Feeds.Storage.Journals;

/// <summary>
/// Doubles of one column of a block, each with the value it is likely to be near. The exchange sends short decimals:
/// where all of them are whole numbers of 10⁻ˢ that give the doubles back to the bit, those numbers (or their
/// distances) are stored, as planes of bytes, lowest first; otherwise the bits of the doubles are.
/// </summary>
internal sealed class NumberColumn
{
    /// <summary>The first byte of a column that holds bits of doubles.</summary>
    public const byte RawMode = 0xFF;

    /// <summary>The largest scale; 10 to it is exact in a double.</summary>
    public const int MaxScale = 15;

    private const double MaxInteger = 9007199254740992; // 2^53

    private static readonly double[] Powers = [.. Enumerable.Range(0, MaxScale + 1).Select(Power)];

    private readonly bool _isDistance;
    private readonly List<double> _values = [];
    private readonly List<double> _references = [];
    private ulong[] _numbers = [];

    /// <summary>
    /// Makes a column; with <paramref name="isDistance"/> it stores distances from the references given.
    /// </summary>
    public NumberColumn(bool isDistance) => _isDistance = isDistance;

    /// <summary>How many values there are.</summary>
    public int Count => _values.Count;

    public static double PowerOf(int scale) => Powers[scale];

    public void Clear()
    {
        _values.Clear();
        _references.Clear();
    }

    /// <summary>Adds a value; the reference must be 0 or a value added before.</summary>
    public void Add(double value, double reference = 0)
    {
        _values.Add(value);
        if (_isDistance)
        {
            _references.Add(reference);
        }
    }

    /// <summary>Writes the column: mode, width, planes. Nothing for no values.</summary>
    public void Write(ByteColumn output)
    {
        if (_values.Count == 0)
        {
            return;
        }

        if (_numbers.Length < _values.Count)
        {
            _numbers = new ulong[_values.Count];
        }

        Span<ulong> numbers = _numbers.AsSpan(0, _values.Count);
        int scale = FindScale();
        if (scale < 0 || !TryScale(scale, numbers))
        {
            output.Add(RawMode);
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = BitConverter.DoubleToUInt64Bits(_values[i]);
            }
        }
        else
        {
            output.Add((byte)scale);
        }

        WritePlanes(numbers, output);
    }

    /// <summary>Returns the whole number of a value at a scale; the value is one that a column holds.</summary>
    public static long IntegerOf(double value, int scale) => (long)Math.Round(value * Powers[scale]);

    private int FindScale()
    {
        int scale = 0;
        foreach (double value in CollectionsMarshal.AsSpan(_values))
        {
            while (!Fits(value, Powers[scale], out _))
            {
                if (++scale > MaxScale)
                {
                    return -1;
                }
            }
        }

        return scale;
    }

    private bool TryScale(int scale, Span<ulong> numbers)
    {
        double power = Powers[scale];
        ReadOnlySpan<double> values = CollectionsMarshal.AsSpan(_values);
        ReadOnlySpan<double> references = CollectionsMarshal.AsSpan(_references);
        for (int i = 0; i < values.Length; i++)
        {
            if (!Fits(values[i], power, out long number))
            {
                return false;
            }

            if (_isDistance)
            {
                long distance = number - IntegerOf(references[i], scale);
                numbers[i] = (ulong)((distance << 1) ^ (distance >> 63));
            }
            else if (number < 0)
            {
                return false;
            }
            else
            {
                numbers[i] = (ulong)number;
            }
        }

        return true;
    }

    // To the bit: −0.0, NaN and infinities never fit.
    private static bool Fits(double value, double power, out long number)
    {
        double scaled = Math.Round(value * power);
        number = 0;
        if (!(Math.Abs(scaled) < MaxInteger))
        {
            return false;
        }

        number = (long)scaled;
        return BitConverter.DoubleToInt64Bits(number / power) == BitConverter.DoubleToInt64Bits(value);
    }

    private static void WritePlanes(ReadOnlySpan<ulong> numbers, ByteColumn output)
    {
        ulong all = 0;
        foreach (ulong number in numbers)
        {
            all |= number;
        }

        int width = (64 - System.Numerics.BitOperations.LeadingZeroCount(all) + 7) / 8;
        output.Add((byte)width);
        for (int plane = 0; plane < width; plane++)
        {
            Span<byte> room = output.Room(numbers.Length);
            int shift = plane * 8;
            for (int i = 0; i < numbers.Length; i++)
            {
                room[i] = (byte)(numbers[i] >> shift);
            }
        }
    }

    private static double Power(int scale)
    {
        double power = 1;
        for (int i = 0; i < scale; i++)
        {
            power *= 10;
        }

        return power;
    }
}
