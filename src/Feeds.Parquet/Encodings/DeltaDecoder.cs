namespace Feeds.Parquet.Encodings;

/// <summary>Reads delta binary packing, piece by piece.</summary>
internal struct DeltaDecoder
{
    private const int MaxBlock = 1 << 16;

    private readonly int _miniBlocks;
    private readonly int _miniSize;
    private int _at;
    private long _last;
    private bool _firstPending;
    private long _min;
    private int _mini;
    private int _miniRead;
    private int _width;
    private int _widthsAt;

    /// <summary>Reads the header at <paramref name="at"/>.</summary>
    public DeltaDecoder(ReadOnlySpan<byte> input, int at)
    {
        _at = at;
        var block = Varint(input);
        var minis = Varint(input);
        var count = Varint(input);
        if (block is 0 or > MaxBlock || block % 128 != 0 || minis == 0 || block % minis != 0 || block / minis % 32 != 0)
            throw new DamagedDataException($"a delta block of {block} values in {minis} parts");
        if (count > int.MaxValue) throw new DamagedDataException($"{count} delta values");
        Count = (int)count;
        _last = ZigZag(input);
        _miniBlocks = (int)minis;
        _miniSize = (int)(block / minis);
        _firstPending = true;
        _mini = _miniBlocks;
        _miniRead = _miniSize;
        Left = Count;
    }

    /// <summary>How many values the header states.</summary>
    public int Count { get; }

    /// <summary>How many of them were not read yet.</summary>
    public int Left { get; private set; }

    /// <summary>Bytes of the input consumed; exact once all values are read.</summary>
    public readonly int Position => _at;

    public void Read(ReadOnlySpan<byte> input, Span<long> output)
    {
        if (output.Length > Left) throw new DamagedDataException("fewer delta values than the page states");
        if (output.IsEmpty) return;
        Left -= output.Length;
        if (_firstPending)
        {
            output[0] = _last;
            output = output[1..];
            _firstPending = false;
        }

        Span<ulong> deltas = stackalloc ulong[32];
        while (output.Length > 0)
        {
            if (_miniRead == _miniSize) NextMini(input);
            // 32 values of any width end at a whole byte, and every mini block is a multiple of 32.
            var lead = _miniRead & 31;
            var from = input.Slice(_at + (_miniRead / 32 * 4 * _width), 4 * _width);
            var n = Math.Min(32 - lead, output.Length);
            BitPacking.Unpack(from, _width, deltas[..(lead + n)]);
            var last = _last;
            for (var i = 0; i < n; i++)
            {
                last += _min + (long)deltas[lead + i];
                output[i] = last;
            }

            _last = last;
            _miniRead += n;
            output = output[n..];
        }

        if (Left == 0) FinishBlock();
    }

    private void NextMini(ReadOnlySpan<byte> input)
    {
        if (_widthsAt > 0) _at += _miniSize / 8 * _width;
        if (++_mini >= _miniBlocks)
        {
            _min = ZigZag(input);
            _widthsAt = _at;
            if (_miniBlocks > input.Length - _at) throw new DamagedDataException("delta widths end early");
            _at += _miniBlocks;
            _mini = 0;
        }

        _width = input[_widthsAt + _mini];
        if (_width > 64) throw new DamagedDataException($"a delta width of {_width} bits");
        if ((long)_miniSize / 8 * _width > input.Length - _at) throw new DamagedDataException("delta values end early");
        _miniRead = 0;
    }

    private void FinishBlock()
    {
        if (_widthsAt > 0) _at += _miniSize / 8 * _width;
        _width = 0;
    }

    private ulong Varint(ReadOnlySpan<byte> input)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_at >= input.Length) throw new DamagedDataException("delta header ends early");
            var b = input[_at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }

        throw new DamagedDataException("a delta number of more than 64 bits");
    }

    private long ZigZag(ReadOnlySpan<byte> input)
    {
        var raw = Varint(input);
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }
}
