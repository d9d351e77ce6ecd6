using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Feeds.Parquet.Compression;

/// <summary>Writes numbers of a few bits, least significant bit first, as DEFLATE wants them. The output has eight
/// bytes more than are ever used, so that whole words can be stored.</summary>
internal ref struct BitWriter(Span<byte> output)
{
    private readonly Span<byte> _output = output;
    private ulong _pending;
    private int _bits;
    private int _at;

    public readonly int Position => _at;

    /// <summary>Adds up to 56 bits less those waiting; <see cref="Flush"/> must follow before the next 56 are
    /// full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(uint value, int count)
    {
        _pending |= (ulong)value << _bits;
        _bits += count;
    }

    /// <summary>Stores whole bytes; at most 7 bits wait afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Flush()
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_output[_at..], _pending);
        _at += _bits >> 3;
        _pending >>= _bits & ~7;
        _bits &= 7;
    }

    /// <summary>Fills up the last byte.</summary>
    public void Align()
    {
        Flush();
        if (_bits == 0) return;
        _output[_at++] = (byte)_pending;
        _pending = 0;
        _bits = 0;
    }

    /// <summary>Copies bytes; the last byte must be full.</summary>
    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_output[_at..]);
        _at += bytes.Length;
    }
}
