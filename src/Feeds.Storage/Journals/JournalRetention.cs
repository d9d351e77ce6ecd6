using Feeds.Storage.Files;

namespace Feeds.Storage.Journals;

/// <summary>
/// Deletes the oldest segments by age, by size and by the room left on the disk; but none that is needed to bring the
/// symbols back from the newest snapshot that the slowest sink is not behind.
/// </summary>
public sealed class JournalRetention
{
    private readonly JournalOptions _options;
    private readonly JournalFolder _folder;
    private readonly IFileSystem _files;
    private readonly IStorageEvents _events;

    /// <summary>Makes the retention of a journal.</summary>
    public JournalRetention(JournalOptions options, IStorageEvents? events = null)
        : this(options, DiskFileSystem.Instance, events ?? NoStorageEvents.Instance)
    {
    }

    internal JournalRetention(JournalOptions options, IFileSystem files, IStorageEvents events)
    {
        _options = options;
        _folder = new JournalFolder(files, options.Folder);
        _files = files;
        _events = events;
    }

    /// <summary>Deletes what is not to be kept any longer.</summary>
    /// <param name="now">Epoch ms, our clock.</param>
    /// <param name="notNeededUpTo">
    /// Gives the position up to which nothing is needed: <see cref="SnapshotStore.NotNeededUpTo"/>. It reads whole
    /// snapshots, and is asked only when there is something to delete.
    /// </param>
    /// <exception cref="StorageException">A file cannot be deleted.</exception>
    public PruneResult Prune(long now, Func<long> notNeededUpTo)
    {
        try
        {
            return PruneUnguarded(now, notNeededUpTo);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                _folder.Folder, $"the journal in {_folder.Folder} cannot be pruned: {e.Message}", e);
        }
    }

    private PruneResult PruneUnguarded(long now, Func<long> notNeededUpTo)
    {
        IReadOnlyList<SegmentName> segments = _folder.Segments();
        long[] bytes = [.. segments.Select(name => Math.Max(0, _files.LengthOf(_folder.PathOf(name))))];
        long total = bytes.Sum();
        int deleted = 0;
        long deletedBytes = 0;
        string? blocked = null;
        long? notNeeded = null;

        // The last one is being written. Where a segment ends, the name of the next one says.
        for (int i = 0; i < segments.Count - 1; i++)
        {
            string? reason = ReasonToGo(segments[i + 1].CreatedTime, now, total - deletedBytes);
            if (reason is null)
            {
                break;
            }

            if (segments[i + 1].FirstPosition - 1 > (notNeeded ??= notNeededUpTo()))
            {
                blocked = reason;
                break;
            }

            string path = _folder.PathOf(segments[i]);
            _files.Delete(path);
            _events.Removed(path, reason);
            deleted++;
            deletedBytes += bytes[i];
        }

        if (deleted > 0)
        {
            _files.FlushFolder(_folder.Folder);
        }

        return new PruneResult(deleted, deletedBytes, blocked);
    }

    private string? ReasonToGo(long endTime, long now, long total)
    {
        if (now - endTime > (long)_options.KeepAge.TotalMilliseconds)
        {
            return $"older than {_options.KeepAge.TotalDays:0.##} days";
        }

        if (total > _options.KeepBytes)
        {
            return $"all segments together are larger than {_options.KeepBytes} bytes";
        }

        return _files.FreeBytes(_folder.Folder) < _options.MinFreeBytes
            ? $"less than {_options.MinFreeBytes} bytes are free on the disk"
            : null;
    }
}
