using System.Runtime.CompilerServices;

namespace Feeds.Binance.Streams;

/// <summary>
/// The bytes of a connection, with the text frames of an opened WebSocket marked as binary. The framework ends a
/// connection whose text is not UTF-8, and looks at each byte to find out; one garbled message would cost all streams
/// on it. Our decoder judges messages one by one.
/// </summary>
internal sealed class TextFrameFilter(Stream inner) : Stream
{
    private const byte TextOpcode = 1;
    private const byte BinaryOpcode = 2;

    private static ReadOnlySpan<byte> Switching => "HTTP/1.1 101"u8;

    private readonly byte[] _header = new byte[14];
    private int _headerBytes;
    private int _matched;
    private int _lineEnds;
    private bool _isRefused;
    private bool _isOpen;
    private long _payloadLeft;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    // Pooled, as every wait for the network would be an allocation otherwise.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await inner.ReadAsync(buffer, cancellationToken);
        Mark(buffer.Span[..count]);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        Mark(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Marks the text frames in the next bytes of the connection, wherever they are cut.</summary>
    internal void Mark(Span<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length && !_isRefused)
        {
            if (!_isOpen)
            {
                ReadHandshake(bytes[at++]);
            }
            else if (_payloadLeft > 0)
            {
                int skip = (int)Math.Min(_payloadLeft, bytes.Length - at);
                _payloadLeft -= skip;
                at += skip;
            }
            else
            {
                ReadHeader(ref bytes[at++]);
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void ReadHandshake(byte value)
    {
        if (_matched < Switching.Length)
        {
            _isRefused = value != Switching[_matched++];
            return;
        }

        // The headers end with an empty line.
        bool expected = value == (_lineEnds % 2 == 0 ? (byte)'\r' : (byte)'\n');
        _lineEnds = expected ? _lineEnds + 1 : value == '\r' ? 1 : 0;
        _isOpen = _lineEnds == 4;
    }

    // RFC 6455 5.2: two bytes, two or eight of a longer length, four of a mask where there is one.
    private void ReadHeader(ref byte value)
    {
        _header[_headerBytes++] = value;
        if (_headerBytes == 1)
        {
            value = (value & 0x0F) == TextOpcode ? (byte)((value & 0xF0) | BinaryOpcode) : value;
            return;
        }

        int length = _header[1] & 0x7F;
        int lengthBytes = length switch { 126 => 2, 127 => 8, _ => 0 };
        if (_headerBytes < 2 + lengthBytes + ((_header[1] & 0x80) == 0 ? 0 : 4))
        {
            return;
        }

        _payloadLeft = lengthBytes == 0 ? length : 0;
        for (int i = 0; i < lengthBytes; i++)
        {
            _payloadLeft = (_payloadLeft << 8) | _header[2 + i];
        }

        _headerBytes = 0;
    }
}
