namespace Feeds.Parquet.Encodings;

/// <summary>Reads the hybrid of run lengths and packed bits, piece by piece.</summary>
internal struct RleDecoder
{
    private readonly int _width;
    private int _at;
    private int _run;
    private int _value;
    private int _packed;
    private int _packedStart;
    private int _packedRead;

    /// <param name="width">Bits per value, 0 to 32.</param>
    public RleDecoder(int width)
    {
        if (width is < 0 or > 32) throw new DamagedDataException($"a bit width of {width}");
        _width = width;
    }

    /// <summary>Bytes of the input consumed so far, packed groups counted whole.</summary>
    public readonly int Position => _at;

    /// <summary>Fills <paramref name="output"/> from <paramref name="input"/>, which is the same at every
    /// call.</summary>
    public void Read(ReadOnlySpan<byte> input, Span<int> output)
    {
        while (output.Length > 0)
        {
            if (_run == 0 && _packed == 0) NextHeader(input);
            int n;
            if (_run > 0)
            {
                n = Math.Min(_run, output.Length);
                output[..n].Fill(_value);
                _run -= n;
            }
            else
            {
                n = Unpack(input, output);
            }

            output = output[n..];
        }
    }

    /// <summary>Packed values that are left of the piece begun last.</summary>
    public readonly int PackedLeft => _packed;

    /// <summary>Passes over a part of the run that <see cref="PeekRun"/> found.</summary>
    public void SkipRun(int count) => _run -= count;

    /// <summary>The length of the constant run that comes next and its value; 0 when packed bits come next.</summary>
    public int PeekRun(ReadOnlySpan<byte> input, out int value)
    {
        if (_run == 0 && _packed == 0) NextHeader(input);
        value = _value;
        return _run;
    }

    // Packed values begin at a byte only at every eighth; in between, the odd ones are unpacked through a small block.
    private int Unpack(ReadOnlySpan<byte> input, Span<int> output)
    {
        var block = input.Slice(_packedStart, _at - _packedStart);
        var lead = _packedRead & 7;
        var from = block[(_packedRead / 8 * _width)..];
        int n;
        if (lead == 0)
        {
            n = Math.Min(_packed, output.Length);
            BitPacking.Unpack(from, _width, output[..n]);
        }
        else
        {
            Span<int> eight = stackalloc int[8];
            n = Math.Min(Math.Min(8 - lead, _packed), output.Length);
            BitPacking.Unpack(from, _width, eight[..(lead + n)]);
            eight.Slice(lead, n).CopyTo(output);
        }

        _packed -= n;
        _packedRead += n;
        return n;
    }

    private void NextHeader(ReadOnlySpan<byte> input)
    {
        ulong header = 0;
        for (var shift = 0; ; shift += 7)
        {
            if (_at >= input.Length) throw new DamagedDataException("run lengths end early");
            if (shift > 28) throw new DamagedDataException("a run length of more than 32 bits");
            var b = input[_at++];
            header |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) break;
        }

        var count = (long)(header >> 1);
        if (count == 0) throw new DamagedDataException("a run of length 0");
        if ((header & 1) != 0) BeginPacked(input, count);
        else BeginRun(input, count);
    }

    private void BeginPacked(ReadOnlySpan<byte> input, long groups)
    {
        var left = input.Length - _at;
        // The last group of a page may be cut short by writers that do not pad it.
        var bytes = Math.Min(groups * _width, left);
        var count = _width == 0 ? groups * 8 : Math.Min(groups * 8, bytes * 8 / _width);
        if (count is <= 0 or > int.MaxValue) throw new DamagedDataException("packed bits end early");
        _packed = (int)count;
        _packedStart = _at;
        _packedRead = 0;
        _at += (int)bytes;
    }

    private void BeginRun(ReadOnlySpan<byte> input, long count)
    {
        var bytes = (_width + 7) / 8;
        if (bytes > input.Length - _at) throw new DamagedDataException("a run's value ends early");
        uint value = 0;
        for (var i = 0; i < bytes; i++) value |= (uint)input[_at++] << (8 * i);
        if (_width < 32 && value >> _width != 0)
            throw new DamagedDataException("a run's value is too large for its width");
        _value = (int)value;
        _run = (int)Math.Min(count, int.MaxValue);
    }
}
