using Feeds.Storage.Files;

namespace Feeds.Storage.Journals;

/// <summary>
/// What a writer does before it appends: remove what a process that died left behind, and find the last position.
/// </summary>
internal sealed class JournalStart
{
    private readonly JournalFolder _folder;
    private readonly IFileSystem _files;
    private readonly IStorageEvents _events;

    public JournalStart(JournalFolder folder, IFileSystem files, IStorageEvents events)
    {
        _folder = folder;
        _files = files;
        _events = events;
    }

    /// <summary>Removes temporary files, open segments that are sealed already or empty, and cuts torn tails.</summary>
    public void CleanUp()
    {
        foreach (string path in _files.List(_folder.Folder))
        {
            if (path.EndsWith(SegmentName.Temporary, StringComparison.Ordinal))
            {
                Remove(path, "left behind half-written");
            }
        }

        HashSet<string> kept = [.. _folder.Segments().Select(_folder.PathOf)];
        foreach (SegmentName name in _folder.Names().ToList())
        {
            string path = _folder.PathOf(name);
            if (name.Extension != SegmentName.Open)
            {
                continue;
            }

            if (!kept.Contains(path))
            {
                Remove(path, "sealed already");
            }
            else
            {
                CutTail(path, name);
            }
        }

        _files.FlushFolder(_folder.Folder);
    }

    /// <summary>Returns the position of the last event; 0 for an empty journal.</summary>
    public long LastPosition()
    {
        IReadOnlyList<SegmentName> segments = _folder.Segments();
        long last = 0;
        foreach (SegmentName name in segments)
        {
            last = Math.Max(last, name.FirstPosition - 1);
        }

        if (segments.Count > 0 && segments[^1].Extension == SegmentName.Sealed)
        {
            using BlockFile file = BlockFile.Open(_files, _folder.PathOf(segments[^1]), segments[^1], _events);
            long known = segments[^1].FirstPosition - 1 + file.Entries.Sum(entry => (long)entry.Count);
            last = Math.Max(last, Math.Max(file.LastPosition, known));
        }
        else if (segments.Count > 0)
        {
            using IStoredFile file = _files.OpenRead(_folder.PathOf(segments[^1]));
            FrameScanner scanner = new(file, segments[^1].FirstPosition);
            while (scanner.Next() is not null)
            {
            }

            last = Math.Max(last, scanner.NextPosition - 1);
        }

        return last;
    }

    private void CutTail(string path, SegmentName name)
    {
        using IStoredFile file = _files.Open(path, FileMode.Open);
        FrameScanner scanner = new(file, name.FirstPosition);
        scanner.Damaged += (offset, bytes) => _events.Damaged(path, offset, bytes, "no whole frame stands here");
        while (scanner.Next() is not null)
        {
        }

        if (scanner.TailLength == 0)
        {
            if (scanner.FrameCount == 0)
            {
                Remove(path, "without events");
            }

            return;
        }

        if (!scanner.IsTailTorn)
        {
            // It was whole once: kept for a person, as nobody may throw away what was confirmed.
            SetAside(file, path, scanner.GoodEnd, scanner.TailLength);
        }

        long cut = scanner.TailLength;
        file.SetLength(scanner.GoodEnd);
        file.Flush();
        _events.TailCut(path, cut, scanner.FrameCount + 1);
        if (scanner.FrameCount == 0)
        {
            Remove(path, "without events");
        }
    }

    private void SetAside(IStoredFile file, string path, long offset, long length)
    {
        string aside = Path.ChangeExtension(path, SegmentName.Quarantine);
        using IStoredFile copy = _files.Open(aside, FileMode.OpenOrCreate);
        byte[] buffer = new byte[1 << 16];
        long done = 0;
        while (done < length)
        {
            int read = file.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - done)), offset + done);
            if (read == 0)
            {
                break;
            }

            copy.Write(buffer.AsSpan(0, read), done);
            done += read;
        }

        copy.Flush();
        _events.Damaged(
            path, offset, length, $"the last frame was whole once and is damaged; its bytes are kept in {aside}");
    }

    private void Remove(string path, string reason)
    {
        _files.Delete(path);
        _events.Removed(path, reason);
    }
}
