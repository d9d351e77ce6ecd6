using Feeds.Core.Symbols;
using Feeds.Parquet.Writing;
using Feeds.Storage.Files;

namespace Feeds.Storage.Sinks;

/// <summary>
/// The file of one hour while rows come for it. It is always whole: each time it is published it is written anew beside
/// itself (the full row groups that it has are copied as they are, the rows since then are encoded) and put in its own
/// place. A reader therefore sees every row once, whenever it looks. Rows are added by one thread while another may
/// publish.
/// </summary>
internal sealed class FeatureRowHour
{
    private const int BufferBytes = 1 << 20;

    private readonly FeatureRowFolder _folder;
    private readonly IFileSystem _files;
    private readonly string _path;
    private readonly int _groupRows;
    private readonly Lock _lock = new();

    // What the file does not hold in a full row group; of these the first so many are in its last, smaller one.
    private readonly List<FeatureRow> _rows = [];
    private int _published;
    private int _fullGroups;

    /// <summary>Makes the hour, with what its file already has; the rows of that are never touched again.</summary>
    public FeatureRowHour(FeatureRowFolder folder, IFileSystem files, long hour, int groupRows)
    {
        _folder = folder;
        _files = files;
        _groupRows = groupRows;
        _path = folder.FileOf(hour);
        if (files.Exists(_path))
        {
            using FeatureRowFile file = new(files, _path);
            _fullGroups = file.Groups.Count;
        }
    }

    /// <summary>True when there are rows that the file does not have yet.</summary>
    public bool IsDirty
    {
        get
        {
            lock (_lock)
            {
                return _rows.Count > _published;
            }
        }
    }

    public void Add(FeatureRow row)
    {
        lock (_lock)
        {
            _rows.Add(row);
        }
    }

    /// <summary>
    /// Puts every row that was added before the call into the file; returns how many are new there. After a failure the
    /// file is as it was, or new.
    /// </summary>
    /// <exception cref="StorageSuspectException">The disk did not confirm.</exception>
    public int Publish()
    {
        FeatureRow[] rows;
        lock (_lock)
        {
            rows = [.. _rows];
        }

        int full = rows.Length / _groupRows;
        WriteAnew(rows);
        lock (_lock)
        {
            int added = rows.Length - _published;
            _fullGroups += full;
            _rows.RemoveRange(0, full * _groupRows);
            _published = rows.Length - (full * _groupRows);
            return added;
        }
    }

    private void WriteAnew(ReadOnlySpan<FeatureRow> rows)
    {
        string folder = Path.GetDirectoryName(_path)!;
        string temporary = FeatureRowFolder.TemporaryOf(_path);
        // Somebody may have put the file away: then the rest of the hour begins a new one.
        bool isNew = !_files.Exists(_path);
        _files.CreateFolder(folder);
        _files.Delete(temporary);
        try
        {
            using (IStoredFile file = _files.Open(temporary, FileMode.CreateNew))
            {
                WriteContent(file, isNew ? 0 : _fullGroups, rows);
                Flush(file);
            }

            if (isNew)
            {
                _files.FlushFolder(Path.GetDirectoryName(folder)!);
                _files.FlushFolder(_folder.Root);
            }

            _files.Move(temporary, _path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StorageSuspectException)
        {
            Discard(temporary);
            throw;
        }

        _files.FlushFolder(folder);
    }

    private void WriteContent(IStoredFile file, int fullGroups, ReadOnlySpan<FeatureRow> rows)
    {
        using StoredFileStream target = new(file);
        using BufferedStream buffered = new(target, BufferBytes);
        using ParquetFileWriter writer = FeatureRowTable.Begin(buffered);
        if (fullGroups > 0)
        {
            using FeatureRowFile before = new(_files, _path);
            for (int i = 0; i < fullGroups; i++)
            {
                writer.CopyRowGroup(before.Groups[i]);
            }
        }

        for (; !rows.IsEmpty; rows = rows[Math.Min(rows.Length, _groupRows)..])
        {
            FeatureRowTable.WriteGroup(writer, rows[..Math.Min(rows.Length, _groupRows)]);
        }

        writer.Finish();
        buffered.Flush();
    }

    private void Flush(IStoredFile file)
    {
        try
        {
            file.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageSuspectException(
                _path, $"{_path}: the disk did not confirm what was written: {e.Message}", e);
        }
    }

    private void Discard(string temporary)
    {
        try
        {
            _files.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next publication deletes it first; the cause of the failure is on its way to the caller already.
        }
    }
}
