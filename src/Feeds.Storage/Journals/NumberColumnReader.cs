using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Feeds.Storage.Journals;

/// <summary>Gives the doubles of a <see cref="NumberColumn"/> back, one after the other.</summary>
internal sealed class NumberColumnReader
{
    private readonly bool _isDistance;
    private long[] _numbers = [];
    private int _count;
    private int _position;

    /// <summary>
    /// Makes a reader of a column; with <paramref name="isDistance"/> it stores distances from references.
    /// </summary>
    public NumberColumnReader(bool isDistance) => _isDistance = isDistance;

    /// <summary>
    /// True when the numbers are distances between whole numbers; false when they are the bits of the doubles.
    /// </summary>
    public bool IsDistance { get; private set; }

    /// <summary>What a whole number is divided by; 1 for bits of doubles.</summary>
    public double Power { get; private set; } = 1;

    /// <summary>Takes a column's bytes, with room for that many numbers to be looked at.</summary>
    public void Load(ReadOnlySpan<byte> bytes, int room)
    {
        _count = 0;
        _position = 0;
        Reserve(room);
        if (bytes.Length == 0)
        {
            return;
        }

        int width = bytes.Length > 1 ? bytes[1] : 0xFF;
        bool isRaw = bytes[0] == NumberColumn.RawMode;
        if (width > 8 || (!isRaw && bytes[0] > NumberColumn.MaxScale))
        {
            throw new JournalFormatException($"a column of numbers cannot begin with {bytes[0]}, {width}");
        }

        ReadOnlySpan<byte> planes = bytes[2..];
        if (width > 0 && planes.Length % width != 0)
        {
            throw new JournalFormatException($"{planes.Length} bytes are no {width} planes");
        }

        // Of width 0 all numbers are 0 and take no bytes; how many there are, the events say.
        _count = width > 0 ? planes.Length / width : room;
        Reserve(_count);
        IsDistance = _isDistance && !isRaw;
        Power = NumberColumn.PowerOf(isRaw ? 0 : bytes[0]);
        Span<long> numbers = _numbers.AsSpan(0, _count);
        int done = width is > 0 and <= sizeof(uint) && !isRaw ? JoinByEights(planes, width, numbers) : 0;
        for (int i = done; i < numbers.Length; i++)
        {
            ulong number = 0;
            for (int p = 0; p < width; p++)
            {
                number |= (ulong)planes[(p * numbers.Length) + i] << (8 * p);
            }

            numbers[i] = IsDistance ? (long)(number >> 1) ^ -(long)(number & 1)
                : isRaw ? (long)number
                : BitConverter.DoubleToInt64Bits(number / Power);
        }
    }

    /// <summary>Returns the next number; the reference is the value that the writer gave for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Next(double reference = 0)
    {
        int position = _position;
        if (position >= _count)
        {
            ThrowEnd();
        }

        _position = position + 1;
        long number = _numbers[position];
        return IsDistance
            ? (number + (long)Math.Round(reference * Power)) / Power : BitConverter.Int64BitsToDouble(number);
    }

    /// <summary>Returns the place of the next number. So many may be looked at, however few there are.</summary>
    public ref long Rest(int count) => ref MemoryMarshal.GetReference(_numbers.AsSpan(_position, count));

    /// <summary>Passes over the numbers before a place; not all of them may have been there.</summary>
    public void TakeTo(ref long next)
    {
        _position =
            (int)(Unsafe.ByteOffset(ref MemoryMarshal.GetArrayDataReference(_numbers), ref next) / sizeof(long));
        if (_position > _count)
        {
            ThrowEnd();
        }
    }

    private void Reserve(int count)
    {
        if (_numbers.Length < count)
        {
            _numbers = new long[Math.Max(count, _numbers.Length * 2)];
        }
    }

    private static void ThrowEnd() => throw new JournalFormatException("a column of numbers ends early");

    // Returns how many it did: all but the last seven.
    private int JoinByEights(ReadOnlySpan<byte> planes, int width, Span<long> numbers)
    {
        ref long output = ref MemoryMarshal.GetReference(numbers);
        Vector256<double> power = Vector256.Create(Power);
        int i = 0;
        for (; i + 8 <= numbers.Length; i += 8)
        {
            Vector256<uint> number = default;
            for (int p = 0; p < width; p++)
            {
                ulong bytes = BinaryPrimitives.ReadUInt64LittleEndian(planes[((p * numbers.Length) + i)..]);
                (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(
                    Vector128.WidenLower(Vector128.CreateScalar(bytes).AsByte()));
                number |= Vector256.Create(low, high) << (8 * p);
            }

            (Vector256<ulong> first, Vector256<ulong> second) = Vector256.Widen(number);
            Finish(first.AsInt64(), power).StoreUnsafe(ref output, (nuint)i);
            Finish(second.AsInt64(), power).StoreUnsafe(ref output, (nuint)i + 4);
        }

        return i;
    }

    private Vector256<long> Finish(Vector256<long> number, Vector256<double> power) => IsDistance
        ? (number >>> 1) ^ -(number & Vector256<long>.One)
        : (Vector256.ConvertToDouble(number) / power).AsInt64();
}
