using Feeds.Storage.Files;

namespace Feeds.Storage.Journals;

/// <summary>The segment that frames are appended to.</summary>
internal sealed class OpenSegment : IDisposable
{
    private readonly IStoredFile _file;
    private readonly SegmentName _name;
    private int _frames;

    private OpenSegment(IStoredFile file, string path, SegmentName name)
    {
        _file = file;
        _name = name;
        Path = path;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Bytes up to the end of the last durable frame.</summary>
    public long Length { get; private set; } = SegmentHeader.Length;

    /// <summary>Makes the file, which must not exist, and brings it and its name to disk.</summary>
    public static OpenSegment Create(JournalFolder folder, IFileSystem files, long firstPosition, long time)
    {
        SegmentName name = new(firstPosition, time, SegmentName.Open);
        string path = folder.PathOf(name);
        files.CreateFolder(folder.Folder);
        IStoredFile file = files.Open(path, FileMode.CreateNew);
        try
        {
            Span<byte> header = stackalloc byte[SegmentHeader.Length];
            new SegmentHeader(SegmentForm.Open, SegmentHeader.CurrentVersion, firstPosition, time).Write(header);
            file.Write(header, 0);
            OpenSegment segment = new(file, path, name);
            segment.Flush();
            files.FlushFolder(folder.Folder);
            return segment;
        }
        catch
        {
            file.Dispose();
            TryDelete(files, path);
            throw;
        }
    }

    /// <summary>True when the next frame belongs into a new segment.</summary>
    public bool IsFull(JournalOptions options, long now) =>
        _frames > 0
            && (Length >= options.SegmentBytes
                || now - _name.CreatedTime >= (long)options.SegmentAge.TotalMilliseconds);

    /// <summary>False when somebody deleted or replaced the file: what is written into it would be gone.</summary>
    public bool IsInPlace(IFileSystem files) => files.LengthOf(Path) >= Length;

    /// <summary>
    /// Appends a frame and returns, with its length, when it is durable. After a failure it may be tried again.
    /// </summary>
    public long Append(FrameBuffer frame, long now)
    {
        ReadOnlySpan<byte> bytes = frame.Finish(_frames, now, _name.FirstPosition);
        try
        {
            _file.Write(bytes, Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CutBack();
            throw;
        }

        Flush();
        Length += bytes.Length;
        _frames++;
        return bytes.Length;
    }

    public void Dispose() => _file.Dispose();

    private static void TryDelete(IFileSystem files, string path)
    {
        try
        {
            files.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A header without frames is removed by the next start.
        }
    }

    private void CutBack()
    {
        try
        {
            _file.SetLength(Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next try writes over it, and a reader sees a tail that no frame follows.
        }
    }

    private void Flush()
    {
        try
        {
            _file.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageSuspectException(
                Path, $"{Path}: the disk did not confirm what was written ({e.Message}); the process must end", e);
        }
    }
}
