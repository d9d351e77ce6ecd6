using System.Buffers.Binary;
using System.Text;
using Feeds.Core.Market;

namespace Feeds.Storage.Journals;

/// <summary>
/// The frame that is being filled: room for the header, the events as they come, at last the directory.
/// </summary>
internal sealed class FrameBuffer
{
    private readonly List<Entry> _entries = [];
    private byte[] _bytes = new byte[1 << 20];
    private int _length = FrameHeader.Length;

    /// <summary>Bytes in the buffer.</summary>
    public int Length => _length;

    /// <summary>Events in the buffer.</summary>
    public int EventCount { get; private set; }

    /// <summary>Position of the first event.</summary>
    public long FirstPosition { get; private set; }

    /// <summary>Position of the last event.</summary>
    public long LastPosition => FirstPosition + EventCount - 1;

    /// <summary>Tells buffers apart that are used again: a symbol's number holds in one filling only.</summary>
    public long Filling { get; private set; }

    /// <summary>Begins anew.</summary>
    public void Reset(long filling)
    {
        Filling = filling;
        _entries.Clear();
        _length = FrameHeader.Length;
        EventCount = 0;
    }

    /// <summary>Adds a symbol to the directory; returns its number.</summary>
    public int AddSymbol(Symbol symbol, long firstSequence)
    {
        _entries.Add(new Entry(symbol, firstSequence));
        return _entries.Count - 1;
    }

    /// <summary>How many symbols the directory has.</summary>
    public int SymbolCount => _entries.Count;

    /// <summary>Returns room for one more event of a symbol.</summary>
    public Span<byte> Add(int symbol, int length, long position)
    {
        if (_bytes.Length - _length < length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
        }

        if (EventCount++ == 0)
        {
            FirstPosition = position;
        }

        _entries[symbol].Count++;
        Span<byte> room = _bytes.AsSpan(_length, length);
        _length += length;
        return room;
    }

    /// <summary>Writes directory and header; returns the whole frame.</summary>
    public ReadOnlySpan<byte> Finish(int number, long flushTime, long segmentPosition)
    {
        int eventsEnd = _length;
        foreach (Entry entry in _entries)
        {
            string name = entry.Symbol.Text;
            int needed = 1 + Encoding.UTF8.GetMaxByteCount(name.Length) + 12;
            if (_bytes.Length - _length < needed)
            {
                Array.Resize(ref _bytes, (_bytes.Length * 2) + needed);
            }

            Span<byte> output = _bytes.AsSpan(_length);
            int nameLength = Encoding.UTF8.GetBytes(name, output[1..]);
            output[0] = (byte)nameLength;
            BinaryPrimitives.WriteInt64LittleEndian(output[(1 + nameLength)..], entry.FirstSequence);
            BinaryPrimitives.WriteInt32LittleEndian(output[(9 + nameLength)..], entry.Count);
            _length += 13 + nameLength;
        }

        FrameHeader header = new(
            _length - FrameHeader.Length, eventsEnd - FrameHeader.Length, EventCount, _entries.Count, number,
            FirstPosition,
            flushTime, segmentPosition);
        header.Write(_bytes, _bytes.AsSpan(FrameHeader.Length, _length - FrameHeader.Length));
        ReadOnlySpan<byte> frame = _bytes.AsSpan(0, _length);
        _length = eventsEnd; // a frame that could not be written is finished again, perhaps for another segment
        return frame;
    }

    private sealed class Entry(Symbol symbol, long firstSequence)
    {
        public Symbol Symbol => symbol;

        public long FirstSequence => firstSequence;

        public int Count { get; set; }
    }
}
