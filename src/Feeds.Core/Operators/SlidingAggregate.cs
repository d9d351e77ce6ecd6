using System.Runtime.InteropServices;
using Feeds.Core.Numerics;

namespace Feeds.Core.Operators;

/// <summary>
/// An aggregate over the last n values, in constant time per value on average and without ever taking a value out of a
/// sum: nothing that left the window can leave an error behind, be it 1e300 or NaN. Memory: 2·n aggregates.
/// </summary>
/// <remarks>
/// Values are taken in blocks of n. The window is the tail of the block before (whose suffixes were joined once, when
/// it was full) and the head of the current one (joined as it came).
/// </remarks>
/// <typeparam name="T">What is kept of a run of values.</typeparam>
public sealed class SlidingAggregate<T> : ISavedState
    where T : unmanaged, IAggregate<T>
{
    private readonly T[] _block;
    private readonly T[] _suffix;
    private T _head;
    private int _position;
    private bool _hasPrevious;

    /// <summary>Makes a window of <paramref name="length"/> values, at least 1.</summary>
    public SlidingAggregate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        _block = new T[length];
        _suffix = new T[length];
    }

    /// <summary>How many values the window holds when full.</summary>
    public int Length => _block.Length;

    /// <summary>True when as many values as its length were seen.</summary>
    public bool IsFull => _hasPrevious || _position == _block.Length;

    /// <summary>
    /// What is known of the last n values, of fewer while it is not full; the default before the first.
    /// </summary>
    public T Value => _hasPrevious && _position < _block.Length ? T.Combine(_suffix[_position], _head) : _head;

    /// <summary>Takes the next value.</summary>
    public void Add(in T value)
    {
        if (_position == _block.Length)
        {
            _suffix[^1] = _block[^1];
            for (int i = _block.Length - 2; i >= 0; i--)
            {
                _suffix[i] = T.Combine(_block[i], _suffix[i + 1]);
            }

            _position = 0;
            _hasPrevious = true;
        }

        _head = _position == 0 ? value : T.Combine(_head, value);
        _block[_position++] = value;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.WriteBoolean(_hasPrevious);
        writer.WriteInt32(_position);
        writer.WriteBytes(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in _head)));
        writer.WriteBytes(MemoryMarshal.AsBytes(_block.AsSpan(0, _position)));
        writer.WriteBytes(MemoryMarshal.AsBytes(_suffix.AsSpan(_position)));
    }

    /// <inheritdoc/>
    public void Load(ref StateReader reader)
    {
        _hasPrevious = reader.ReadBoolean();
        int position = reader.ReadInt32();
        if ((uint)position > (uint)_block.Length)
        {
            throw new StateFormatException($"saved state: position {position} in a window of {_block.Length}");
        }

        _position = position;
        Read(ref reader, new Span<T>(ref _head));
        Read(ref reader, _block.AsSpan(0, position));
        Read(ref reader, _suffix.AsSpan(position));
    }

    private static void Read(ref StateReader reader, Span<T> destination)
    {
        ReadOnlySpan<byte> bytes = reader.ReadBytes();
        Span<byte> target = MemoryMarshal.AsBytes(destination);
        if (bytes.Length != target.Length)
        {
            throw new StateFormatException(
                $"saved state: {bytes.Length} bytes of a window where {target.Length} belong");
        }

        bytes.CopyTo(target);
    }
}
