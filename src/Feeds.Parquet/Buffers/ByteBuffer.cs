using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Feeds.Parquet.Buffers;

/// <summary>A growing array of bytes from the shared pool; what encoders write into.</summary>
internal sealed class ByteBuffer(int capacity = 256) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Count);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Count);

    /// <summary>Free space of at least <paramref name="size"/> bytes; call <see cref="Advance"/> afterwards.</summary>
    public Span<byte> GetSpan(int size)
    {
        if (_bytes.Length - Count < size) Grow(size);
        return _bytes.AsSpan(Count);
    }

    public void Advance(int count) => Count += count;

    public void Clear() => Count = 0;

    public void Truncate(int count) => Count = count;

    public void WriteByte(byte value)
    {
        if (Count == _bytes.Length) Grow(1);
        _bytes[Count++] = value;
    }

    public void Write(ReadOnlySpan<byte> source)
    {
        source.CopyTo(GetSpan(source.Length));
        Count += source.Length;
    }

    public void WriteInt32(int value)
    {
        MemoryMarshal.Write(GetSpan(sizeof(int)), value);
        Count += sizeof(int);
    }

    /// <summary>Overwrites four bytes that were written before.</summary>
    public void PatchInt32(int position, int value) => MemoryMarshal.Write(_bytes.AsSpan(position, sizeof(int)), value);

    public void WriteVarint(ulong value)
    {
        var span = GetSpan(10);
        var n = 0;
        while (value >= 0x80)
        {
            span[n++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[n++] = (byte)value;
        Count += n;
    }

    public void WriteZigZag(long value) => WriteVarint((ulong)((value << 1) ^ (value >> 63)));

    public void Dispose()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Count = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int size)
    {
        var wanted = Math.Max((long)_bytes.Length * 2, (long)Count + size);
        if (wanted > Array.MaxLength) wanted = Math.Max((long)Count + size, Array.MaxLength);
        var bigger = ArrayPool<byte>.Shared.Rent(checked((int)wanted));
        _bytes.AsSpan(0, Count).CopyTo(bigger);
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = bigger;
    }
}
