namespace Feeds.Storage.Journals;

/// <summary>Bytes of one column of a block, as they come.</summary>
internal sealed class ByteColumn
{
    private byte[] _bytes = new byte[64];

    /// <summary>How many bytes there are.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(byte value)
    {
        if (Count == _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        _bytes[Count++] = value;
    }

    public void Add(ReadOnlySpan<byte> values) => values.CopyTo(Room(values.Length));

    /// <summary>Adds a number in groups of seven bits, lowest first.</summary>
    public void AddUnsigned(ulong value)
    {
        while (value >= 0x80)
        {
            Add((byte)(value | 0x80));
            value >>= 7;
        }

        Add((byte)value);
    }

    /// <summary>Adds a number whose sign is its lowest bit, so that small ones of either sign are short.</summary>
    public void AddSigned(long value) => AddUnsigned((ulong)((value << 1) ^ (value >> 63)));

    public Span<byte> Room(int count)
    {
        if (_bytes.Length - Count < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Count + count));
        }

        Span<byte> room = _bytes.AsSpan(Count, count);
        Count += count;
        return room;
    }
}
