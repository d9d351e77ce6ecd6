using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Feeds.Binance.Wire;

/// <summary>
/// Reads a run of digits with at most one point, up to 15 bytes long: what nearly every number of the exchange is. With
/// vectors where the processor has them, else byte by byte; both accept the same and give the same.
/// </summary>
internal static class DigitKernel
{
    /// <summary>The longest run that is read; its digits fit into 53 bits, so a double holds them exactly.</summary>
    public const int MaxLength = 15;

    private const int TimeLength = 13;

    private static readonly double[] Powers =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    ];

    private static Vector128<byte> Iota => Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    /// <summary>True when this processor has the vectors.</summary>
    public static bool IsVectorized => Sse41.IsSupported;

    /// <summary>Returns 10 to the power of 0…16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Power(int exponent) => Powers[exponent];

    /// <summary>
    /// Reads at <paramref name="position"/>. Returns the length of the run, 0 when it is not a number of 1 to 15 bytes
    /// that has digits on both sides of its point. <paramref name="mantissa"/> is its digits,
    /// <paramref name="decimals"/> those after the point.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ref byte frame, nint position, nint length, out long mantissa, out int decimals) =>
        Sse41.IsSupported && position <= length - 16
            ? ReadVector(Vector128.LoadUnsafe(ref frame, (nuint)position), out mantissa, out decimals)
            : ReadAtEnd(ref frame, position, length, out mantissa, out decimals);

    /// <summary>
    /// Reads a whole number that is most often a time, of 13 digits: then where it ends is known before it is read, and
    /// what follows need not wait. Otherwise as <see cref="Read"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadTime(ref byte frame, nint position, nint length, out long value, out int decimals)
    {
        if (Sse41.IsSupported && position <= length - 16)
        {
            Vector128<byte> text = Vector128.LoadUnsafe(ref frame, (nuint)position);
            Vector128<byte> values = text - Vector128.Create((byte)'0');
            uint digits = Vector128.LessThanOrEqual(values, Vector128.Create((byte)9)).ExtractMostSignificantBits();
            if ((digits & 0x3FFF) == 0x1FFF && Unsafe.Add(ref frame, position + TimeLength) != (byte)'.')
            {
                value = Combine(Ssse3.MultiplyAddAdjacent(
                    Sse2.ShiftLeftLogical128BitLane(values, 16 - TimeLength),
                    Vector128.Create((short)0x010A).AsSByte()));
                decimals = 0;
                return TimeLength;
            }

            return ReadVector(text, out value, out decimals);
        }

        return ReadAtEnd(ref frame, position, length, out value, out decimals);
    }

    /// <summary>Reads with vectors, from the first of 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadVector(Vector128<byte> text, out long mantissa, out int decimals)
    {
        Vector128<byte> values = text - Vector128.Create((byte)'0');
        uint digits = Vector128.LessThanOrEqual(values, Vector128.Create((byte)9)).ExtractMostSignificantBits();
        uint points = Vector128.Equals(text, Vector128.Create((byte)'.')).ExtractMostSignificantBits();
        int count = BitOperations.TrailingZeroCount(~(digits | points));
        points &= (1u << count) - 1;
        int point = BitOperations.TrailingZeroCount(points | (1u << count));
        int hasPoint = points != 0 ? 1 : 0;
        decimals = (count - point - hasPoint) & 15;

        // Not a number here: no byte, too many, two points, or a point at either end (bit 0 or the last of the run).
        uint ends = 1u | (1u << (count - 1));
        if ((uint)(count - 1) >= MaxLength || (points & ((points - 1) | ends)) != 0)
        {
            mantissa = 0;
            return 0;
        }

        // The digits move to the right end, those before the point one further: then the point is overwritten.
        Vector128<sbyte> from = Iota.AsSByte() + Vector128.Create((sbyte)(count - hasPoint - 16));
        from -= Vector128.GreaterThan(from, Vector128.Create((sbyte)(point - 1)));
        Vector128<byte> aligned = Ssse3.Shuffle(values, from.AsByte());
        Vector128<short> pairs = Ssse3.MultiplyAddAdjacent(aligned, Vector128.Create((short)0x010A).AsSByte());
        mantissa = Combine(pairs);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Combine(Vector128<short> pairs)
    {
        Vector128<int> fours = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create(0x00010064).AsInt16());
        Vector128<short> packed = Sse41.PackUnsignedSaturate(fours, fours).AsInt16();
        ulong eights = Sse2.MultiplyAddAdjacent(packed, Vector128.Create(0x00012710).AsInt16()).AsUInt64().ToScalar();
        return (long)(((eights & 0xFFFF_FFFF) * 100_000_000) + (eights >> 32));
    }

    // Within 16 bytes of the frame's end: what would lie behind it is taken as 0, which is no digit.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReadAtEnd(ref byte frame, nint position, nint length, out long mantissa, out int decimals)
    {
        if (!Sse41.IsSupported || length < 16)
        {
            return ReadScalar(ref frame, position, length, out mantissa, out decimals);
        }

        Vector128<byte> text = Vector128.LoadUnsafe(ref frame, (nuint)(length - 16));
        Vector128<byte> from = Iota + Vector128.Create((byte)(Math.Min(position - (length - 16), 16) + 0x70));
        return ReadVector(Ssse3.Shuffle(text, from), out mantissa, out decimals);
    }

    /// <summary>Reads byte by byte.</summary>
    public static int ReadScalar(ref byte frame, nint position, nint length, out long mantissa, out int decimals)
    {
        long value = 0;
        int point = -1;
        int count = 0;
        mantissa = 0;
        decimals = 0;
        for (; position + count < length && count <= MaxLength; count++)
        {
            byte b = Unsafe.Add(ref frame, position + count);
            uint digit = (uint)(b - '0');
            if (digit <= 9)
            {
                value = (value * 10) + digit;
            }
            else if (b != (byte)'.')
            {
                break;
            }
            else if (point >= 0)
            {
                return 0;
            }
            else
            {
                point = count;
            }
        }

        if (count is 0 or > MaxLength || point == 0 || point == count - 1)
        {
            return 0;
        }

        mantissa = value;
        decimals = point < 0 ? 0 : count - point - 1;
        return count;
    }
}
