using System.Text;
using Feeds.Parquet.Buffers;

namespace Feeds.Parquet.Thrift;

/// <summary>Writes the Thrift compact protocol, as much of it as Parquet's metadata uses.</summary>
internal sealed class CompactWriter(ByteBuffer output)
{
    private readonly Stack<short> _outer = new();
    private short _lastId;

    public void BeginStruct()
    {
        _outer.Push(_lastId);
        _lastId = 0;
    }

    public void EndStruct()
    {
        output.WriteByte((byte)CompactType.Stop);
        _lastId = _outer.Pop();
    }

    /// <summary>A field that is itself a struct; closed by <see cref="EndStruct"/>.</summary>
    public void BeginStructField(short id)
    {
        Header(id, CompactType.Struct);
        BeginStruct();
    }

    public void Field(short id, int value)
    {
        Header(id, CompactType.I32);
        output.WriteZigZag(value);
    }

    public void Field(short id, long value)
    {
        Header(id, CompactType.I64);
        output.WriteZigZag(value);
    }

    public void Field(short id, short value)
    {
        Header(id, CompactType.I16);
        output.WriteZigZag(value);
    }

    public void Field(short id, sbyte value)
    {
        Header(id, CompactType.Byte);
        output.WriteByte((byte)value);
    }

    public void Field(short id, bool value) => Header(id, value ? CompactType.True : CompactType.False);

    public void Field(short id, string value)
    {
        Header(id, CompactType.Binary);
        Element(value);
    }

    public void Field(short id, ReadOnlySpan<byte> value)
    {
        Header(id, CompactType.Binary);
        Element(value);
    }

    /// <summary>A list field; its elements follow through the <c>Element</c> methods or as structs.</summary>
    public void BeginListField(short id, CompactType element, int count)
    {
        Header(id, CompactType.List);
        if (count < 15)
        {
            output.WriteByte((byte)((count << 4) | (byte)element));
            return;
        }

        output.WriteByte((byte)(0xF0 | (byte)element));
        output.WriteVarint((ulong)count);
    }

    public void Element(int value) => output.WriteZigZag(value);

    public void Element(long value) => output.WriteZigZag(value);

    public void Element(bool value) => output.WriteByte((byte)(value ? CompactType.True : CompactType.False));

    public void Element(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        output.WriteVarint((ulong)length);
        output.Advance(Encoding.UTF8.GetBytes(value, output.GetSpan(length)));
    }

    public void Element(ReadOnlySpan<byte> value)
    {
        output.WriteVarint((ulong)value.Length);
        output.Write(value);
    }

    private void Header(short id, CompactType type)
    {
        var delta = id - _lastId;
        if (delta is > 0 and <= 15)
        {
            output.WriteByte((byte)((delta << 4) | (byte)type));
        }
        else
        {
            output.WriteByte((byte)type);
            output.WriteZigZag(id);
        }

        _lastId = id;
    }
}
