using Feeds.Storage.Files;

namespace Feeds.Storage.Journals;

/// <summary>The files of a journal, found by their names.</summary>
internal sealed class JournalFolder
{
    private readonly IFileSystem _files;

    public JournalFolder(IFileSystem files, string folder)
    {
        _files = files;
        Folder = Path.GetFullPath(folder);
    }

    /// <summary>The folder, absolute.</summary>
    public string Folder { get; }

    /// <summary>Returns the path of a file.</summary>
    public string PathOf(SegmentName name) => Path.Combine(Folder, name.ToString());

    /// <summary>
    /// Returns the segments in the order of their events, each once: of one that is there in both forms the sealed one,
    /// as that got its name only when it was whole and durable.
    /// </summary>
    public IReadOnlyList<SegmentName> Segments()
    {
        SortedDictionary<string, SegmentName> segments = new(StringComparer.Ordinal);
        foreach (SegmentName name in Names())
        {
            if (name.Extension == SegmentName.Sealed
                || (name.Extension == SegmentName.Open && !segments.ContainsKey(name.Stem)))
            {
                segments[name.Stem] = name;
            }
        }

        return [.. segments.Values];
    }

    /// <summary>Returns the snapshots, newest first.</summary>
    public IReadOnlyList<SegmentName> Snapshots() =>
        [.. Names().Where(name => name.Extension == SegmentName.Snapshot).Reverse()];

    /// <summary>Returns all files with names of the journal's, in order.</summary>
    public IEnumerable<SegmentName> Names()
    {
        foreach (string path in _files.List(Folder))
        {
            if (SegmentName.TryParse(path, out SegmentName name))
            {
                yield return name;
            }
        }
    }
}
