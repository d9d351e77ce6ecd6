using System.Runtime.InteropServices;
using Feeds.Core.Market;
using Feeds.Storage.Files;

namespace Feeds.Storage.Journals;

/// <summary>
/// Reads a journal, open and sealed segments alike, also while a writer is at work. Damage is told to
/// <see cref="IStorageEvents"/> with its place; what is whole around it is read. Which symbols and sequences a segment
/// holds is looked at once: to see what a writer added since, make another reader.
/// </summary>
public sealed class JournalReader
{
    private readonly JournalFolder _folder;
    private readonly IFileSystem _files;
    private readonly IStorageEvents _events;
    private readonly BookScratch _scratch = new();
    private readonly EventBlockReader _blocks = new();

    // What each segment held when it was first looked at: looking costs as much as half of reading its events.
    private readonly Dictionary<long, Dictionary<Symbol, SequenceRange>> _directories = [];

    /// <summary>Makes a reader of a journal's folder.</summary>
    public JournalReader(string folder, IStorageEvents? events = null)
        : this(folder, DiskFileSystem.Instance, events ?? NoStorageEvents.Instance)
    {
    }

    internal JournalReader(string folder, IFileSystem files, IStorageEvents events)
    {
        _folder = new JournalFolder(files, folder);
        _files = files;
        _events = events;
    }

    /// <summary>True when the folder holds a journal.</summary>
    public bool Exists => _folder.Segments().Count > 0;

    /// <summary>Reads all events that the visitor wants.</summary>
    /// <exception cref="StorageException">A file cannot be read.</exception>
    /// <exception cref="JournalVersionException">A file is of a newer program.</exception>
    public void Read(IJournalVisitor visitor, CancellationToken cancellationToken = default) =>
        ForEachSegment(name => ReadSegment(name, visitor, cancellationToken), cancellationToken);

    /// <summary>Returns the symbols that the journal holds events of, sorted.</summary>
    /// <exception cref="StorageException">A file cannot be read.</exception>
    public IReadOnlyList<Symbol> Symbols()
    {
        SortedSet<Symbol> symbols = [];
        ForEachSegment(name => symbols.UnionWith(DirectoryOf(name).Keys), default);
        return [.. symbols];
    }

    /// <summary>
    /// Returns the last sequence that the journal holds of each symbol; symbols that it does not know are absent.
    /// </summary>
    /// <exception cref="StorageException">A file cannot be read.</exception>
    public IReadOnlyDictionary<Symbol, long> LastSequences(IReadOnlyCollection<Symbol> symbols) =>
        Sequences(symbols, _folder.Segments().Reverse(), static range => range.Last);

    /// <summary>
    /// Returns the first sequence that the journal still holds of each symbol; symbols that it does not know are
    /// absent.
    /// </summary>
    /// <exception cref="StorageException">A file cannot be read.</exception>
    public IReadOnlyDictionary<Symbol, long> FirstSequences(IReadOnlyCollection<Symbol> symbols) =>
        Sequences(symbols, _folder.Segments(), static range => range.First);

    private Dictionary<Symbol, long> Sequences(
        IReadOnlyCollection<Symbol> symbols, IEnumerable<SegmentName> segments, Func<SequenceRange, long> sequenceOf)
    {
        Dictionary<Symbol, long> found = [];
        HashSet<Symbol> missing = [.. symbols];
        foreach (SegmentName name in segments)
        {
            if (missing.Count == 0)
            {
                break;
            }

            Guarded(() =>
            {
                foreach ((Symbol symbol, SequenceRange range) in DirectoryOf(name))
                {
                    if (missing.Remove(symbol))
                    {
                        found.Add(symbol, sequenceOf(range));
                    }
                }
            });
        }

        return found;
    }

    /// <summary>
    /// Calls back for each segment in the order of events; file errors become a <see cref="StorageException"/>.
    /// </summary>
    internal void ForEachSegment(Action<SegmentName> read, CancellationToken cancellationToken) =>
        ForEach(_folder.Segments(), read, cancellationToken);

    /// <summary>Calls back for each of some segments; file errors become a <see cref="StorageException"/>.</summary>
    internal void ForEach(
        IEnumerable<SegmentName> segments, Action<SegmentName> read, CancellationToken cancellationToken) =>
        Guarded(() =>
        {
            foreach (SegmentName name in segments)
            {
                cancellationToken.ThrowIfCancellationRequested();
                read(name);
            }
        });

    /// <summary>
    /// Returns the segments, in the order of events, that hold events after a position, and whose events they hold.
    /// </summary>
    internal IReadOnlyList<SegmentContent> Contents(long afterPosition, CancellationToken cancellationToken)
    {
        List<SegmentContent> contents = [];
        IReadOnlyList<SegmentName> segments = _folder.Segments();
        ForEach(
            segments.Where((_, i) => i == segments.Count - 1 || segments[i + 1].FirstPosition - 1 > afterPosition),
            name => contents.Add(new SegmentContent(name, DirectoryOf(name).Keys.ToHashSet())),
            cancellationToken);
        return contents;
    }

    private void Guarded(Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when ((e as AggregateException)?.InnerException is JournalVersionException)
        {
            throw e.InnerException!;
        }
        catch (Exception e) when (Cause(e) is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                _folder.Folder, $"the journal in {_folder.Folder} cannot be read: {Cause(e).Message}", Cause(e));
        }
    }

    // Parallel work wraps what it meets.
    private static Exception Cause(Exception e) => e is AggregateException { InnerException: { } inner } ? inner : e;

    private Dictionary<Symbol, SequenceRange> DirectoryOf(SegmentName name)
    {
        if (!_directories.TryGetValue(name.FirstPosition, out Dictionary<Symbol, SequenceRange>? directory))
        {
            directory = [];
            ReadDirectory(name, entry =>
            {
                ref SequenceRange range = ref CollectionsMarshal.GetValueRefOrAddDefault(
                    directory, entry.Symbol, out bool exists);
                range = exists
                    ? new SequenceRange(
                        Math.Min(range.First, entry.FirstSequence), Math.Max(range.Last, entry.LastSequence))
                    : new SequenceRange(entry.FirstSequence, entry.LastSequence);
            });
            _directories.Add(name.FirstPosition, directory);
        }

        return directory;
    }

    private void ReadDirectory(SegmentName name, Action<FrameEntry> onEntry)
    {
        if (name.Extension == SegmentName.Sealed)
        {
            using BlockFile file = BlockFile.Open(_files, _folder.PathOf(name), name, NoStorageEvents.Instance);
            foreach (BlockEntry entry in file.Entries)
            {
                onEntry(new FrameEntry(entry.Symbol, entry.FirstSequence, entry.Count));
            }

            return;
        }

        try
        {
            using IStoredFile open = _files.OpenRead(_folder.PathOf(name));
            FrameScanner scanner = new(open, name.FirstPosition);
            while (scanner.Next() is { } frame)
            {
                foreach (FrameEntry entry in frame.Entries)
                {
                    onEntry(entry);
                }
            }
        }
        catch (FileNotFoundException) when (_files.Exists(_folder.PathOf(name with { Extension = SegmentName.Sealed })))
        {
            ReadDirectory(name with { Extension = SegmentName.Sealed }, onEntry);
        }
    }

    internal void ReadSegment(SegmentName name, IJournalVisitor visitor, CancellationToken cancellationToken)
    {
        SegmentName sealedName = name with { Extension = SegmentName.Sealed };
        if (name.Extension == SegmentName.Open)
        {
            try
            {
                ReadOpen(name, visitor, cancellationToken);
                return;
            }
            catch (FileNotFoundException) when (_files.Exists(_folder.PathOf(sealedName)))
            {
                // It was sealed since the folder was listed; what was visited already is not wanted again.
            }
        }

        ReadSealed(sealedName, visitor, cancellationToken);
    }

    private void ReadOpen(SegmentName name, IJournalVisitor visitor, CancellationToken cancellationToken)
    {
        string path = _folder.PathOf(name);
        using IStoredFile file = _files.OpenRead(path);
        Span<byte> head = stackalloc byte[SegmentHeader.Length];
        if (file.Read(head, 0) == head.Length && !SegmentHeader.TryRead(head, path, out _))
        {
            _events.Damaged(path, 0, SegmentHeader.Length, "the header of the file is damaged");
        }

        FrameScanner scanner = new(file, name.FirstPosition);
        scanner.Damaged += (offset, bytes) => _events.Damaged(path, offset, bytes, "no whole frame stands here");
        while (scanner.Next() is { } frame)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadFrame(path, frame, visitor);
        }
    }

    private void ReadFrame(string path, JournalFrame frame, IJournalVisitor visitor)
    {
        IReadOnlyList<FrameEntry> entries = frame.Entries;
        Span<long> next = entries.Count <= 1024 ? stackalloc long[entries.Count] : new long[entries.Count];
        Span<long> wanted = entries.Count <= 1024 ? stackalloc long[entries.Count] : new long[entries.Count];
        bool any = false;
        for (int i = 0; i < entries.Count; i++)
        {
            next[i] = entries[i].FirstSequence;
            wanted[i] = visitor.NextSequence(entries[i].Symbol);
            any |= wanted[i] <= entries[i].LastSequence;
        }

        ReadOnlySpan<byte> events = any ? frame.Events.Span : default;
        try
        {
            while (events.Length > 0)
            {
                int length = EventCodec.ReadHead(events, out int symbol);
                if (symbol >= next.Length)
                {
                    throw new JournalFormatException(
                        $"an event of symbol {symbol} in a frame of {next.Length} symbols");
                }

                if (next[symbol] >= wanted[symbol])
                {
                    MarketEvent e = EventCodec.Read(events[..length], _scratch);
                    visitor.Visit(entries[symbol].Symbol, next[symbol], e);
                }

                next[symbol]++;
                events = events[length..];
            }
        }
        catch (JournalFormatException e)
        {
            // The checksum is right, so a broken program or a hand wrote it.
            _events.Damaged(path, frame.Offset, FrameHeader.Length + frame.Header.PayloadLength, e.Message);
        }
    }

    private void ReadSealed(SegmentName name, IJournalVisitor visitor, CancellationToken cancellationToken)
    {
        string path = _folder.PathOf(name);
        using BlockFile file = BlockFile.Open(_files, path, name, _events);
        foreach (BlockEntry entry in file.Entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.Kind != BlockKind.Events || visitor.NextSequence(entry.Symbol) > entry.LastSequence
                || !file.TryRead(entry, out BlockHeader header, out ReadOnlySpan<byte> content))
            {
                continue;
            }

            try
            {
                _blocks.Read(header.Version, content, entry, visitor);
            }
            catch (JournalFormatException e)
            {
                _events.Damaged(path, entry.Offset, entry.Length, e.Message);
            }
        }
    }

    /// <summary>The first and the last sequence of a symbol in a segment.</summary>
    private readonly record struct SequenceRange(long First, long Last);
}
