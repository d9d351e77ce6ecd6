using System.Runtime.CompilerServices;

namespace Feeds.Storage.Journals;

/// <summary>Reads what a <see cref="ByteColumn"/> holds; every step is held against what is left.</summary>
internal ref struct ByteColumnReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    public ByteColumnReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<byte> Rest => _bytes[_position..];

    public readonly int Remaining => _bytes.Length - _position;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte ReadByte()
    {
        int position = _position;
        if ((uint)position >= (uint)_bytes.Length)
        {
            ThrowEnd();
        }

        _position = position + 1;
        return _bytes[position];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadUnsigned()
    {
        byte first = ReadByte();
        return first < 0x80 ? first : ReadLong(first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadSigned()
    {
        ulong value = ReadUnsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Reads a number that must be at most <paramref name="limit"/>.</summary>
    public int ReadCount(int limit)
    {
        ulong count = ReadUnsigned();
        return count <= (ulong)limit
            ? (int)count : throw new JournalFormatException($"a count of {count}, at most {limit} can be");
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Remaining)
        {
            throw new JournalFormatException($"{count} bytes wanted of a column, {Remaining} are left");
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(_position, count);
        _position += count;
        return taken;
    }

    private ulong ReadLong(byte first)
    {
        ulong value = first & 0x7Fu;
        for (int shift = 7; shift < 64; shift += 7)
        {
            byte next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new JournalFormatException("a number of more than 64 bits");
    }

    private static void ThrowEnd() => throw new JournalFormatException("a column ends early");
}
