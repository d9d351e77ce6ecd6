using System.Buffers.Binary;
using System.Text;

namespace Feeds.Core.Numerics;

/// <summary>
/// Reads what a <see cref="StateWriter"/> wrote. Every length is held against what is left before anything is made of
/// it, so foreign bytes cost an exception and no memory.
/// </summary>
public ref struct StateReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    /// <summary>Makes a reader over saved bytes.</summary>
    public StateReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => _bytes.Length - _position;

    /// <summary>Reads one byte.</summary>
    public byte ReadByte() => Take(1)[0];

    /// <summary>Reads a truth value.</summary>
    public bool ReadBoolean() => ReadByte() switch
    {
        0 => false,
        1 => true,
        byte other => throw new StateFormatException($"saved state: {other} is not a truth value"),
    };

    /// <summary>Reads 32 bits.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    /// <summary>Reads 64 bits.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>Reads the bits of a double.</summary>
    public double ReadDouble() => BitConverter.Int64BitsToDouble(ReadInt64());

    /// <summary>Reads a decimal with its scale.</summary>
    public decimal ReadDecimal()
    {
        ReadOnlySpan<int> parts = [ReadInt32(), ReadInt32(), ReadInt32(), ReadInt32()];
        try
        {
            return new decimal(parts);
        }
        catch (ArgumentException)
        {
            throw new StateFormatException("saved state: the bits are not a decimal");
        }
    }

    /// <summary>Reads a text, or null.</summary>
    public string? ReadString()
    {
        int length = ReadInt32();
        return length == -1 ? null : Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>Reads bytes with their count; the span lies in the saved bytes.</summary>
    public ReadOnlySpan<byte> ReadBytes() => Take(ReadInt32());

    /// <summary>Reads a count that at least <paramref name="bytesEach"/> saved bytes per item must follow.</summary>
    public int ReadCount(int bytesEach)
    {
        int count = ReadInt32();
        return count >= 0 && (long)count * bytesEach <= Remaining
            ? count
            : throw new StateFormatException(
                $"saved state: {count} items of {bytesEach} bytes, {Remaining} bytes are left");
    }

    /// <summary>Reads doubles into <paramref name="destination"/>; their count must be its length.</summary>
    public void ReadDoubles(Span<double> destination)
    {
        ExpectCount(destination.Length);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = ReadDouble();
        }
    }

    /// <summary>Reads 64-bit integers into <paramref name="destination"/>; their count must be its length.</summary>
    public void ReadInt64s(Span<long> destination)
    {
        ExpectCount(destination.Length);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = ReadInt64();
        }
    }

    /// <summary>
    /// True when the sections from the current position on hold one of this name and version, which
    /// <paramref name="state"/> then loads. False when there is none, or one of another version: the state is left as
    /// it is, to be built anew. The position does not move, so sections are found in any order.
    /// </summary>
    public readonly bool TryLoadSection(string name, int version, ISavedState state)
    {
        if (!TryFindSection(name, version, out StateReader section))
        {
            return false;
        }

        state.Load(ref section);
        return section.Remaining == 0
            ? true
            : throw new StateFormatException($"saved state: section {name} has {section.Remaining} bytes too many");
    }

    /// <summary>True when the sections from the current position on hold one of this name and version.</summary>
    public readonly bool TryFindSection(string name, int version, out StateReader section)
    {
        StateReader reader = new(_bytes[_position..]);
        while (reader.Remaining > 0)
        {
            string? found = reader.ReadString();
            int foundVersion = reader.ReadInt32();
            ReadOnlySpan<byte> content = reader.Take(reader.ReadInt32());
            if (string.Equals(found, name, StringComparison.Ordinal))
            {
                section = new StateReader(content);
                return foundVersion == version;
            }
        }

        section = default;
        return false;
    }

    /// <summary>Moves to the end: what is left are sections that were looked up.</summary>
    public void SkipRest() => _position = _bytes.Length;

    private void ExpectCount(int expected)
    {
        int count = ReadInt32();
        if (count != expected)
        {
            throw new StateFormatException($"saved state: {count} values where {expected} belong");
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > Remaining)
        {
            throw new StateFormatException($"saved state: {length} bytes wanted, {Remaining} are left");
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(_position, length);
        _position += length;
        return taken;
    }
}
