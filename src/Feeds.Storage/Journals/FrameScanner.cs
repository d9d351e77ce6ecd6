using Feeds.Storage.Files;

namespace Feeds.Storage.Journals;

/// <summary>
/// Reads the frames of an open segment in order. Bytes that are no whole frame are passed over up to the next marker at
/// which one stands, and told of; those that no frame follows are the tail.
/// </summary>
internal sealed class FrameScanner
{
    private const int ChunkBytes = 1 << 20;

    private readonly IStoredFile _file;
    private readonly long _segmentPosition;
    private readonly long _length;
    private readonly JournalFrame _frame = new();
    private byte[] _buffer = new byte[ChunkBytes];
    private long _offset;
    private long _nextPosition;

    /// <summary>
    /// Makes a scanner of a segment whose first position its name tells; what is appended later is not read.
    /// </summary>
    public FrameScanner(IStoredFile file, long segmentPosition)
    {
        _file = file;
        _segmentPosition = segmentPosition;
        _nextPosition = segmentPosition;
        _length = file.Length;
        _offset = Math.Min(SegmentHeader.Length, _length);
    }

    /// <summary>Stretches without a whole frame that a frame follows, as they are found: offset, bytes.</summary>
    public event Action<long, long>? Damaged;

    /// <summary>Where the last whole frame ends; what lies behind it is the tail.</summary>
    public long GoodEnd { get; private set; } = SegmentHeader.Length;

    /// <summary>Bytes of the tail, once all frames are read: half-written by a process that died, or damaged.</summary>
    public long TailLength => Math.Max(0, _length - GoodEnd);

    /// <summary>
    /// True when the tail looks half-written: too short for a header, with a header that announces more bytes than
    /// there are, or with zeros where every frame ends with a count. Otherwise it was whole once and is damaged now.
    /// </summary>
    public bool IsTailTorn
    {
        get
        {
            Span<byte> head = stackalloc byte[FrameHeader.Length];
            Span<byte> end = stackalloc byte[sizeof(int)];
            return !ReadExactly(head, GoodEnd) || IsLongerThanTheFile(head)
                || (ReadExactly(end, _length - end.Length) && !end.ContainsAnyExcept((byte)0));
        }
    }

    /// <summary>How many whole frames were read.</summary>
    public int FrameCount { get; private set; }

    /// <summary>Position of the event after the last one read.</summary>
    public long NextPosition => _nextPosition;

    /// <summary>Returns the next whole frame, valid until the next call; null at the end.</summary>
    public JournalFrame? Next()
    {
        long start = _offset;
        while (_offset < _length)
        {
            if (TryFrameAt(_offset))
            {
                if (_offset > start)
                {
                    Damaged?.Invoke(start, _offset - start);
                }

                FrameCount++;
                _offset += FrameHeader.Length + _frame.Header.PayloadLength;
                GoodEnd = _offset;
                _nextPosition = _frame.Header.FirstPosition + _frame.Header.EventCount;
                return _frame;
            }

            _offset = NextMarker(_offset + 1);
        }

        return null;
    }

    private bool TryFrameAt(long offset)
    {
        Span<byte> head = stackalloc byte[FrameHeader.Length];
        if (!ReadExactly(head, offset) || !FrameHeader.TryRead(head, _length - offset, out FrameHeader header))
        {
            return false;
        }

        if (_buffer.Length < header.PayloadLength)
        {
            _buffer = new byte[header.PayloadLength];
        }

        Memory<byte> payload = _buffer.AsMemory(0, header.PayloadLength);
        if (!ReadExactly(payload.Span, offset + FrameHeader.Length) || !FrameHeader.IsWhole(head, payload.Span))
        {
            return false;
        }

        // Positions only rise: a frame from elsewhere, or an older one left in the file, is not of this journal.
        if (header.SegmentPosition != _segmentPosition || header.FirstPosition < _nextPosition)
        {
            return false;
        }

        try
        {
            _frame.Load(header, offset, payload);
            return true;
        }
        catch (JournalFormatException)
        {
            return false;
        }
    }

    private bool IsLongerThanTheFile(ReadOnlySpan<byte> head) =>
        !FrameHeader.TryRead(head, TailLength, out _)
            && FrameHeader.TryRead(head, FrameHeader.Length + FrameHeader.MaxPayloadLength, out _);

    // Returns the place of the next marker, or the end.
    private long NextMarker(long offset)
    {
        ReadOnlySpan<byte> marker = FrameHeader.Marker;
        byte[] chunk = new byte[(int)Math.Min(ChunkBytes, Math.Max(marker.Length, _length - offset))];
        while (offset < _length)
        {
            int read = Read(chunk, offset);
            int found = chunk.AsSpan(0, read).IndexOf(marker);
            if (found >= 0)
            {
                return offset + found;
            }

            if (read < marker.Length)
            {
                break;
            }

            offset += read - marker.Length + 1;
        }

        return _length;
    }

    private bool ReadExactly(Span<byte> buffer, long offset) => Read(buffer, offset) == buffer.Length;

    private int Read(Span<byte> buffer, long offset)
    {
        int done = 0;
        while (done < buffer.Length)
        {
            int read = _file.Read(buffer[done..], offset + done);
            if (read == 0)
            {
                break;
            }

            done += read;
        }

        return done;
    }
}
