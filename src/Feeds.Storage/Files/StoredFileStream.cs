namespace Feeds.Storage.Files;

/// <summary>A stored file as a stream, for what reads and writes streams. The file stays the caller's.</summary>
internal sealed class StoredFileStream : Stream
{
    private readonly IStoredFile _file;

    public StoredFileStream(IStoredFile file) => _file = file;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => _file.Length;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = _file.Read(buffer, Position);
        Position += read;
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _file.Write(buffer, Position);
        Position += buffer.Length;
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = offset + (origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            _ => Length,
        });

    public override void SetLength(long value) => _file.SetLength(value);

    // Bringing bytes to the disk is the file's own matter: see IStoredFile.Flush.
    public override void Flush()
    {
    }
}
