using System.Buffers;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage.Files;

namespace Feeds.Storage.Sinks;

/// <summary>
/// The 12-column row file. It is only ever appended to, whole lines at a time, and put away by size or day; readers
/// need no lock and see whole rows up to the last line end. After a crash the torn last line is cut; after a failure
/// the next write opens the file anew and repairs it the same way.
/// </summary>
public sealed class CsvRowSink : IRowSink
{
    private readonly CsvRowSinkOptions _options;
    private readonly IFileSystem _files;
    private readonly IStorageEvents _events;
    private readonly string _path;
    private readonly string _folder;
    private readonly CsvArchive _archive;
    private readonly IDisposable _lock;
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);
    private readonly ArrayBufferWriter<byte> _line = new(256);
    private readonly Dictionary<string, long> _durable = new(StringComparer.Ordinal);
    private volatile Dictionary<string, long> _published = [];
    private readonly Dictionary<string, long> _pending = new(StringComparer.Ordinal);
    private CsvOpenFile? _file;
    private long _olderThanKnown;
    private int _pendingRows;
    private bool _rotationPutOff;
    private bool _suspect;

    private CsvRowSink(CsvRowSinkOptions options, IFileSystem files, IStorageEvents events)
    {
        _options = options;
        _files = files;
        _events = events;
        _path = Path.GetFullPath(options.Path);
        _folder = Path.GetDirectoryName(_path)!;
        _archive = new CsvArchive(files, _path);
        _lock = TakeLock();
    }

    /// <inheritdoc/>
    public string Name => "csv";

    /// <summary>Rows written since the start.</summary>
    public long RowsWritten { get; private set; }

    /// <summary>Rows that were held already and passed over.</summary>
    public long RowsHeld { get; private set; }

    /// <summary>
    /// Opens the file, makes it when absent, repairs a torn end and reads which ticks it holds. The lock file
    /// <c>feeds_log.csv.lock</c> beside it keeps a second writer out for as long as this one lives.
    /// </summary>
    /// <exception cref="StorageLockedException">Another writer has the file.</exception>
    /// <exception cref="StorageException">The file cannot be used, or is not a row file.</exception>
    public static CsvRowSink Open(CsvRowSinkOptions options, IStorageEvents? events = null) =>
        Open(options, DiskFileSystem.Instance, events ?? NoStorageEvents.Instance);

    internal static CsvRowSink Open(CsvRowSinkOptions options, IFileSystem files, IStorageEvents events)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.RotateBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.KeepFiles);
        CsvRowSink sink = new(options, files, events);
        try
        {
            sink.Guarded(sink.Reopen);
            return sink;
        }
        catch
        {
            sink._lock.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public long DurableTick(Symbol symbol) => _published.GetValueOrDefault(symbol.Text);

    /// <inheritdoc/>
    public ValueTask WriteAsync(IReadOnlyList<TickRows> rows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(rows);
        return ValueTask.CompletedTask;
    }

    /// <summary>As <see cref="WriteAsync"/>, which does its work on the caller's thread too.</summary>
    public void Write(IReadOnlyList<TickRows> rows) => Guarded(() => WriteRows(rows));

    /// <summary>Closes the file and lets the lock go. What was written is durable already.</summary>
    public ValueTask DisposeAsync()
    {
        _file?.Dispose();
        _file = null;
        _lock.Dispose();
        return ValueTask.CompletedTask;
    }

    private void WriteRows(IReadOnlyList<TickRows> rows)
    {
        // Somebody may have moved, emptied or edited the file; writing on into the old one would lose the rows.
        if (_file is null || _files.LengthOf(_path) != _file.Length)
        {
            Reopen();
        }

        _rotationPutOff = false;
        foreach (FeedRow row in rows.Select(static each => each.Feed))
        {
            if (IsHeld(row))
            {
                RowsHeld++;
                continue;
            }

            _line.ResetWrittenCount();
            FeedRowCsv.Write(row, _line);
            if (!_rotationPutOff && IsForNextFile(row, _line.WrittenCount))
            {
                Rotate();
            }

            _buffer.Write(_line.WrittenSpan);
            _pending[row.Symbol.Text] = row.TickTime;
            _pendingRows++;
            _file!.LastTick = row.TickTime;
        }

        Append();
    }

    private bool IsHeld(FeedRow row)
    {
        string symbol = row.Symbol.Text;
        if (_pending.TryGetValue(symbol, out long tick) || _durable.TryGetValue(symbol, out tick))
        {
            return row.TickTime <= tick;
        }

        if (row.TickTime > _olderThanKnown)
        {
            return false;
        }

        // The symbol is not in the newest files but may be in an older one.
        ReadOlderFiles(0);
        _olderThanKnown = 0;
        return _durable.TryGetValue(symbol, out tick) && row.TickTime <= tick;
    }

    private bool IsForNextFile(FeedRow row, int lineLength) =>
        _options.Rotation == CsvRotation.Daily
            ? _file!.LastTick > 0 && DayOf(row.TickTime) > DayOf(_file.LastTick)
            : (_buffer.WrittenCount > 0 || _file!.HasRows)
                && _file!.Length + _buffer.WrittenCount + lineLength > _options.RotateBytes;

    private static long DayOf(long time) => time / 86_400_000;

    // One write and one fsync for all rows of a tick; the ticks count as held only after it.
    private void Append()
    {
        if (_buffer.WrittenCount == 0)
        {
            return;
        }

        _file!.Append(_buffer.WrittenSpan);
        foreach ((string symbol, long tick) in _pending)
        {
            _durable[symbol] = tick;
        }

        RowsWritten += _pendingRows;
        Publish();
        Forget();
    }

    // Symbols that come back ask on their own threads, while rows are written.
    private void Publish() => _published = new Dictionary<string, long>(_durable, StringComparer.Ordinal);

    private void Rotate()
    {
        Append();
        string name = _archive.NameFor(_file!.LastTick, _options.Rotation);
        try
        {
            _files.Move(_path, name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A reader that shares nothing can hold the name on Windows. Rows matter more than the size of the file.
            _events.RotationPutOff(_path, e.Message);
            _rotationPutOff = true;
            return;
        }

        _file.Dispose();
        _file = null;
        _files.FlushFolder(_folder);
        _events.Rotated(_path, name);
        _file = CsvOpenFile.Open(_files, _path, _durable, _events);
        RemoveOldFiles();
    }

    private void RemoveOldFiles()
    {
        IReadOnlyList<string> files = _archive.Files();
        for (int i = 0; i < files.Count - _options.KeepFiles; i++)
        {
            try
            {
                _files.Delete(files[i]);
                _events.Removed(files[i], "more row files than are to be kept");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _events.RotationPutOff(files[i], e.Message);
            }
        }
    }

    private void Reopen()
    {
        _file?.Dispose();
        _file = null;
        Forget();
        _files.CreateFolder(_folder);
        _file = CsvOpenFile.Open(_files, _path, _durable, _events);
        ReadOlderFiles(1);
        Publish();
    }

    // With newest = 1 only the last file is read: more than a restart can need. The others are read when a row asks for
    // it.
    private void ReadOlderFiles(int newest)
    {
        IReadOnlyList<string> files = _archive.Files();
        _olderThanKnown = 0;
        for (int i = newest == 0 ? 0 : Math.Max(0, files.Count - newest); i < files.Count; i++)
        {
            using IStoredFile file = _files.OpenRead(files[i]);
            CsvFileScan scan = CsvFileScan.Read(file, _durable);
            _olderThanKnown = newest == 0 || files.Count <= newest ? 0 : Math.Max(_olderThanKnown, scan.FirstTick);
        }
    }

    private IDisposable TakeLock()
    {
        string path = _path + ".lock";
        try
        {
            _files.CreateFolder(_folder);
            return _files.Lock(path);
        }
        catch (IOException e) when (_files.Exists(path))
        {
            throw new StorageLockedException(
                _path, $"{_path} is being written by another process (its lock {path} is held): stop it, or name "
                + "another csv_path", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(e);
        }
    }

    private void Guarded(Action work)
    {
        if (_suspect)
        {
            throw new StorageSuspectException(
                _path, $"{_path}: the disk did not confirm an earlier write; restart the process");
        }

        try
        {
            work();
        }
        catch (StorageSuspectException)
        {
            _suspect = true;
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Abandon();
            throw Unavailable(e);
        }
    }

    // What a failed write left behind is cut by the next opening; here at once if the disk lets us.
    private void Abandon()
    {
        Forget();
        _file?.CutBack();
        _file?.Dispose();
        _file = null;
    }

    private void Forget()
    {
        _buffer.ResetWrittenCount();
        _pending.Clear();
        _pendingRows = 0;
    }

    private StorageException Unavailable(Exception e) =>
        new(_path, $"rows cannot be written to {_path}: {e.Message} Rows wait until it can be written again.", e);
}
