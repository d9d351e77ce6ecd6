namespace Feeds.Parquet.Writing;

/// <summary>
/// A file that is whole or absent: written under a temporary name beside its own, flushed, renamed, and the folder
/// flushed. What is disposed of before <see cref="Commit"/> leaves no file behind.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private readonly bool _durable;
    private readonly FileStream _stream;
    private bool _committed;

    public AtomicFile(string path, bool durable)
    {
        _path = Path.GetFullPath(path);
        _temporary = _path + ".partial";
        _durable = durable;
        // The same temporary name each time: what a crash left behind is overwritten, and two writers of one file
        // collide here.
        _stream = new FileStream(_temporary, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
        });
    }

    public Stream Stream => _stream;

    public void Commit()
    {
        if (_durable) FolderSync.Flush(_stream);
        _stream.Dispose();
        File.Move(_temporary, _path, true);
        _committed = true;
        if (_durable) FolderSync.Flush(Path.GetDirectoryName(_path)!);
    }

    public void Dispose()
    {
        _stream.Dispose();
        if (!_committed) File.Delete(_temporary);
    }
}
