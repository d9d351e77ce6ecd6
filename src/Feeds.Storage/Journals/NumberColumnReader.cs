using System.Runtime.CompilerServices;

namespace Feeds.Storage.Journals;

/// <summary>Gives the doubles of a <see cref="NumberColumn"/> back, one after the other.</summary>
internal sealed class NumberColumnReader
{
    private readonly bool _isDistance;
    private ulong[] _numbers = [];
    private int _count;
    private int _position;
    private int _scale;
    private double _power;
    private bool _isRaw;

    public NumberColumnReader(bool isDistance) => _isDistance = isDistance;

    /// <summary>Takes a column's bytes.</summary>
    public void Load(ReadOnlySpan<byte> bytes)
    {
        _count = 0;
        _position = 0;
        if (bytes.Length == 0)
        {
            return;
        }

        int width = bytes.Length > 1 ? bytes[1] : 0xFF;
        _isRaw = bytes[0] == NumberColumn.RawMode;
        if (width > 8 || (!_isRaw && bytes[0] > NumberColumn.MaxScale))
        {
            throw new JournalFormatException($"a column of numbers cannot begin with {bytes[0]}, {width}");
        }

        ReadOnlySpan<byte> planes = bytes[2..];
        if (width == 0)
        {
            // All numbers are 0 and take no bytes; how many there are, the events say.
            _count = int.MaxValue;
            _numbers = _numbers.Length == 0 ? new ulong[1] : _numbers;
        }
        else if (planes.Length % width != 0)
        {
            throw new JournalFormatException($"{planes.Length} bytes are no {width} planes");
        }
        else
        {
            _count = planes.Length / width;
            Join(planes, width);
        }

        _scale = _isRaw ? 0 : bytes[0];
        _power = NumberColumn.PowerOf(_scale);
        _isZero = width == 0;
    }

    private bool _isZero;

    /// <summary>True when every number was taken.</summary>
    public bool IsDone => _isZero || _position == _count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Next(double reference = 0)
    {
        ulong number = NextNumber();
        if (_isRaw)
        {
            return BitConverter.UInt64BitsToDouble(number);
        }

        if (!_isDistance)
        {
            return number / _power;
        }

        long distance = (long)(number >> 1) ^ -(long)(number & 1);
        return (distance + NumberColumn.IntegerOf(reference, _scale)) / _power;
    }

    private ulong NextNumber()
    {
        if (_isZero)
        {
            return 0;
        }

        if (_position >= _count)
        {
            throw new JournalFormatException("a column of numbers ends early");
        }

        return _numbers[_position++];
    }

    private void Join(ReadOnlySpan<byte> planes, int width)
    {
        if (_numbers.Length < _count)
        {
            _numbers = new ulong[Math.Max(_count, _numbers.Length * 2)];
        }

        Span<ulong> numbers = _numbers.AsSpan(0, _count);
        ReadOnlySpan<byte> plane = planes[.._count];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = plane[i];
        }

        for (int p = 1; p < width; p++)
        {
            plane = planes.Slice(p * _count, _count);
            int shift = p * 8;
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] |= (ulong)plane[i] << shift;
            }
        }
    }
}
