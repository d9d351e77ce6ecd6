namespace Feeds.Storage.Files;

/// <summary>An open file that is read and written at offsets. Not safe for several threads.</summary>
internal interface IStoredFile : IDisposable
{
    /// <summary>Bytes in the file.</summary>
    long Length { get; }

    /// <summary>Reads up to the buffer's length; returns how many bytes came, 0 at the end.</summary>
    int Read(Span<byte> buffer, long offset);

    /// <summary>Writes all bytes or throws; after a failure any part of them may be in the file.</summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Cuts or extends the file.</summary>
    void SetLength(long length);

    /// <summary>Returns when the content is on the disk. After a failure the content is suspect for good.</summary>
    void Flush();
}
