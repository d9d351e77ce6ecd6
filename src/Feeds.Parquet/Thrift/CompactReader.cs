using System.Text;

namespace Feeds.Parquet.Thrift;

/// <summary>
/// Reads the Thrift compact protocol from bytes that nobody vouches for: every length is checked against what is left
/// before it is used, nesting has a limit, and what breaks the protocol throws <see cref="DamagedDataException"/>.
/// </summary>
internal ref struct CompactReader(ReadOnlySpan<byte> bytes)
{
    private const int MaxDepth = 32;
    private static readonly UTF8Encoding Strict = new(false, true);

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    private readonly int Left => _bytes.Length - Position;

    /// <summary>True when another field follows; <paramref name="id"/> carries the last field's number in.</summary>
    public bool NextField(ref short id, out CompactType type)
    {
        var b = ReadByte();
        type = (CompactType)(b & 0x0F);
        if (b == 0) return false;
        if (type is CompactType.Stop or > CompactType.Struct) throw new DamagedDataException("unknown field type");
        var delta = b >> 4;
        id = delta != 0 ? (short)(id + delta) : (short)ReadZigZag();
        return true;
    }

    public byte ReadByte()
    {
        if (Position >= _bytes.Length) throw new DamagedDataException("metadata ends early");
        return _bytes[Position++];
    }

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var b = ReadByte();
            if (shift == 63 && b > 1) break;
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }

        throw new DamagedDataException("a number of more than 64 bits");
    }

    public long ReadZigZag()
    {
        var raw = ReadVarint();
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    public long ReadI64(CompactType type)
    {
        if (type is CompactType.I16 or CompactType.I32 or CompactType.I64) return ReadZigZag();
        if (type is CompactType.Byte) return (sbyte)ReadByte();
        throw new DamagedDataException($"expected a whole number, found {type}");
    }

    public int ReadI32(CompactType type)
    {
        var value = ReadI64(type);
        if (value is < int.MinValue or > int.MaxValue) throw new DamagedDataException("a number of more than 32 bits");
        return (int)value;
    }

    public static bool ReadBool(CompactType type) => type switch
    {
        CompactType.True => true,
        CompactType.False => false,
        _ => throw new DamagedDataException($"expected true or false, found {type}"),
    };

    public ReadOnlySpan<byte> ReadBinary(CompactType type)
    {
        if (type != CompactType.Binary) throw new DamagedDataException($"expected bytes, found {type}");
        var length = ReadVarint();
        if (length > (ulong)Left) throw new DamagedDataException("a text is longer than the metadata");
        var result = _bytes.Slice(Position, (int)length);
        Position += (int)length;
        return result;
    }

    public string ReadString(CompactType type)
    {
        var raw = ReadBinary(type);
        try
        {
            return Strict.GetString(raw);
        }
        catch (DecoderFallbackException)
        {
            throw new DamagedDataException("a name is not UTF-8");
        }
    }

    /// <summary>Returns the number of elements; each takes at least one byte, so it cannot exceed what is
    /// left.</summary>
    public int ReadList(CompactType type, out CompactType element)
    {
        if (type is not (CompactType.List or CompactType.Set))
            throw new DamagedDataException($"expected a list, found {type}");
        var b = ReadByte();
        element = (CompactType)(b & 0x0F);
        ulong count = (uint)(b >> 4);
        if (count == 15) count = ReadVarint();
        if (count > (ulong)Left) throw new DamagedDataException("a list is longer than the metadata");
        return (int)count;
    }

    public int ReadListOf(CompactType type, CompactType expected)
    {
        var count = ReadList(type, out var element);
        var same = element == expected || (expected == CompactType.True && element == CompactType.False);
        if (!same && count > 0) throw new DamagedDataException($"expected a list of {expected}, found {element}");
        return count;
    }

    public static void Expect(CompactType type, CompactType expected)
    {
        if (type != expected) throw new DamagedDataException($"expected {expected}, found {type}");
    }

    public void Skip(CompactType type) => Skip(type, 0);

    private void Skip(CompactType type, int depth)
    {
        if (depth > MaxDepth) throw new DamagedDataException("metadata is nested too deep");
        switch (type)
        {
            case CompactType.True or CompactType.False: break;
            case CompactType.Byte: ReadByte(); break;
            case CompactType.I16 or CompactType.I32 or CompactType.I64: ReadVarint(); break;
            case CompactType.Double: Jump(8); break;
            case CompactType.Binary: ReadBinary(type); break;
            case CompactType.List or CompactType.Set: SkipList(type, depth); break;
            case CompactType.Map: SkipMap(depth); break;
            case CompactType.Struct: SkipStruct(depth); break;
            default: throw new DamagedDataException("unknown field type");
        }
    }

    private void SkipStruct(int depth)
    {
        short id = 0;
        while (NextField(ref id, out var type)) Skip(type, depth + 1);
    }

    private void SkipList(CompactType type, int depth)
    {
        var count = ReadList(type, out var element);
        for (var i = 0; i < count; i++) SkipElement(element, depth);
    }

    private void SkipMap(int depth)
    {
        var count = ReadVarint();
        if (count == 0) return;
        if (count > (ulong)Left) throw new DamagedDataException("a map is longer than the metadata");
        var types = ReadByte();
        for (ulong i = 0; i < count; i++)
        {
            SkipElement((CompactType)(types >> 4), depth);
            SkipElement((CompactType)(types & 0x0F), depth);
        }
    }

    // Inside lists and maps a boolean takes a byte of its own.
    private void SkipElement(CompactType element, int depth)
    {
        if (element is CompactType.True or CompactType.False) ReadByte();
        else Skip(element, depth + 1);
    }

    private void Jump(int count)
    {
        if (count > Left) throw new DamagedDataException("metadata ends early");
        Position += count;
    }
}
