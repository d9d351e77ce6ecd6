using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Feeds.Core.Numerics;

/// <summary>
/// Writes state for a snapshot, little-endian, into a buffer of its own that grows and can be used again. Parts that
/// may change from one version of the program to the next lie in named sections with a version of their own: a reader
/// takes those it knows and leaves the rest.
/// </summary>
public sealed class StateWriter
{
    private byte[] _buffer = new byte[1024];
    private int _count;

    /// <summary>What was written since the start or <see cref="Reset"/>; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _count);

    /// <summary>Forgets what was written and keeps the buffer.</summary>
    public void Reset() => _count = 0;

    /// <summary>Copies what was written.</summary>
    public void CopyTo(IBufferWriter<byte> destination) => destination.Write(Written);

    /// <summary>Writes one byte.</summary>
    public void WriteByte(byte value) => Room(1)[0] = value;

    /// <summary>Writes a truth value.</summary>
    public void WriteBoolean(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    /// <summary>Writes 32 bits.</summary>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Room(4), value);

    /// <summary>Writes 64 bits.</summary>
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Room(8), value);

    /// <summary>Writes the bits of a double; NaN keeps its payload.</summary>
    public void WriteDouble(double value) =>
        BinaryPrimitives.WriteInt64LittleEndian(Room(8), BitConverter.DoubleToInt64Bits(value));

    /// <summary>Writes a decimal with its scale: 1.0 and 1.00 stay apart.</summary>
    public void WriteDecimal(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        foreach (int part in parts)
        {
            WriteInt32(part);
        }
    }

    /// <summary>Writes a text, or null.</summary>
    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteInt32(-1);
            return;
        }

        int length = Encoding.UTF8.GetByteCount(value);
        WriteInt32(length);
        Encoding.UTF8.GetBytes(value, Room(length));
    }

    /// <summary>Writes bytes with their count.</summary>
    public void WriteBytes(ReadOnlySpan<byte> values)
    {
        WriteInt32(values.Length);
        values.CopyTo(Room(values.Length));
    }

    /// <summary>Writes doubles with their count.</summary>
    public void WriteDoubles(ReadOnlySpan<double> values)
    {
        WriteInt32(values.Length);
        foreach (double value in values)
        {
            WriteDouble(value);
        }
    }

    /// <summary>Writes 64-bit integers with their count.</summary>
    public void WriteInt64s(ReadOnlySpan<long> values)
    {
        WriteInt32(values.Length);
        foreach (long value in values)
        {
            WriteInt64(value);
        }
    }

    /// <summary>
    /// Writes a section: a name, a version and what <paramref name="state"/> saves. Sections may hold sections; what is
    /// written outside of any section must not stand between sections that a reader looks up.
    /// </summary>
    public void WriteSection(string name, int version, ISavedState state)
    {
        int lengthAt = BeginSection(name, version);
        state.Save(this);
        EndSection(lengthAt);
    }

    /// <summary>
    /// Opens a section; what is written up to <see cref="EndSection"/> belongs to it. Returns the token for the end.
    /// </summary>
    public int BeginSection(string name, int version)
    {
        WriteString(name);
        WriteInt32(version);
        int lengthAt = _count;
        WriteInt32(0);
        return lengthAt;
    }

    /// <summary>Closes the section that returned the token.</summary>
    public void EndSection(int token) =>
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(token, 4), _count - token - 4);

    private Span<byte> Room(int length)
    {
        if (_buffer.Length - _count < length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _count + length));
        }

        Span<byte> room = _buffer.AsSpan(_count, length);
        _count += length;
        return room;
    }
}
