using Feeds.Core.Market;
using Feeds.Storage.Files;

namespace Feeds.Storage.Journals;

/// <summary>
/// Looks a journal through: what it holds, and whether all of it is whole. It changes nothing and takes no lock.
/// </summary>
public sealed class JournalInspector
{
    private readonly JournalFolder _folder;
    private readonly IFileSystem _files;
    private readonly IStorageEvents _events;

    /// <summary>
    /// Makes an inspector of a journal's folder; damage that it meets is told to <paramref name="events"/>.
    /// </summary>
    public JournalInspector(string folder, IStorageEvents? events = null)
        : this(folder, DiskFileSystem.Instance, events ?? NoStorageEvents.Instance)
    {
    }

    internal JournalInspector(string folder, IFileSystem files, IStorageEvents events)
    {
        _folder = new JournalFolder(files, folder);
        _files = files;
        _events = events;
    }

    /// <summary>Counts what there is; with <paramref name="countKinds"/> every event is read.</summary>
    /// <exception cref="StorageException">A file cannot be read.</exception>
    public JournalStats Stats(bool countKinds, CancellationToken cancellationToken = default)
    {
        StatsVisitor visitor = new();
        long[] bytes = new long[2];
        int[] segments = new int[2];
        long[] events = new long[2];
        JournalReader reader = new(_folder.Folder, _files, _events);
        long sealedFirst = long.MaxValue;
        long sealedLast = 0;
        reader.ForEachSegment(
            name =>
            {
                int form = name.Extension == SegmentName.Sealed ? 1 : 0;
                long before = visitor.Total;
                if (countKinds || form == 0)
                {
                    reader.ReadSegment(name, visitor, cancellationToken);
                }
                else
                {
                    CountBlocks(name, visitor);
                }

                segments[form]++;
                bytes[form] += Math.Max(0, _files.LengthOf(_folder.PathOf(name)));
                events[form] += visitor.Total - before;
                if (form == 1)
                {
                    sealedFirst = Math.Min(sealedFirst, visitor.SegmentFirstTime);
                    sealedLast = Math.Max(sealedLast, visitor.SegmentLastTime);
                }

                visitor.EndSegment();
            },
            cancellationToken);
        IReadOnlyList<SegmentName> others = [.. _folder.Names().Where(
            name => name.Extension is SegmentName.Snapshot or SegmentName.Quarantine)];
        return new JournalStats
        {
            OpenSegments = segments[0],
            SealedSegments = segments[1],
            OpenBytes = bytes[0],
            SealedBytes = bytes[1],
            OpenEvents = events[0],
            SealedEvents = events[1],
            Snapshots = others.Count(name => name.Extension == SegmentName.Snapshot),
            SnapshotBytes = others.Where(name => name.Extension == SegmentName.Snapshot)
                .Sum(name => Math.Max(0, _files.LengthOf(_folder.PathOf(name)))),
            DamagedFiles = others.Count(name => name.Extension == SegmentName.Quarantine),
            Symbols = [.. visitor.Symbols.OrderBy(symbol => symbol.Key).Select(symbol =>
                new SymbolJournalStats(symbol.Key, symbol.Value.First, symbol.Value.Last, symbol.Value.Count))],
            Kinds = countKinds ? visitor.Kinds : new Dictionary<EventKind, long>(),
            FirstTime = visitor.FirstTime == long.MaxValue ? 0 : visitor.FirstTime,
            LastTime = visitor.LastTime,
            SealedBytesPerDay = sealedLast - sealedFirst >= 60_000
                ? bytes[1] * (86_400_000.0 / (sealedLast - sealedFirst)) : double.NaN,
        };
    }

    /// <summary>
    /// Reads every byte and every event. Returns what is wrong, in the order of the files; nothing when all is whole. A
    /// node that is just writing does not disturb it.
    /// </summary>
    /// <exception cref="StorageException">A file cannot be read.</exception>
    /// <exception cref="JournalVersionException">A file is of a newer program.</exception>
    public IReadOnlyList<JournalFault> Verify(CancellationToken cancellationToken = default)
    {
        FaultList faults = new();
        JournalReader reader = new(_folder.Folder, _files, faults);
        SequenceVisitor visitor = new(faults);
        reader.ForEachSegment(
            name =>
            {
                visitor.Path = _folder.PathOf(name);
                reader.ReadSegment(name, visitor, cancellationToken);
                CheckEnds(name, faults);
            },
            cancellationToken);
        foreach (SegmentName name in _folder.Names().Where(name => name.Extension == SegmentName.Quarantine))
        {
            faults.Add(new JournalFault(
                _folder.PathOf(name), 0, Math.Max(0, _files.LengthOf(_folder.PathOf(name))),
                "was set aside as damaged; delete it once it is no longer wanted"));
        }

        return faults.All;
    }

    private void CountBlocks(SegmentName name, StatsVisitor visitor)
    {
        using BlockFile file = BlockFile.Open(_files, _folder.PathOf(name), name, _events);
        foreach (BlockEntry entry in file.Entries)
        {
            visitor.Count(entry.Symbol, entry.FirstSequence, entry.Count, entry.FirstTime, entry.LastTime);
        }
    }

    private void CheckEnds(SegmentName name, FaultList faults)
    {
        string path = _folder.PathOf(name);
        if (name.Extension == SegmentName.Sealed || !_files.Exists(path))
        {
            return;
        }

        using IStoredFile file = _files.OpenRead(path);
        FrameScanner scanner = new(file, name.FirstPosition);
        while (scanner.Next() is not null)
        {
        }

        // While a frame is being written its beginning is there and its end is not; then the file grows under our eyes.
        long tail = scanner.TailLength;
        if (tail > 0 && file.Length == scanner.GoodEnd + tail)
        {
            faults.Add(new JournalFault(
                path, scanner.GoodEnd, tail,
                scanner.IsTailTorn
                    ? $"the tail is half-written: record {scanner.FrameCount + 1}, {tail} bytes; the next start cuts it"
                    : $"the last record, {scanner.FrameCount + 1}, was whole once and is damaged"));
        }
    }

    private sealed class FaultList : IStorageEvents
    {
        private readonly List<JournalFault> _faults = [];

        public IReadOnlyList<JournalFault> All => _faults;

        public void Add(JournalFault fault) => _faults.Add(fault);

        public void Damaged(string path, long offset, long bytes, string what) =>
            Add(new JournalFault(path, offset, bytes, what));
    }

    private sealed class SequenceVisitor(FaultList faults) : IJournalVisitor
    {
        private readonly Dictionary<Symbol, long> _last = [];

        public string Path { get; set; } = string.Empty;

        public long NextSequence(Symbol symbol) => 1;

        public void Visit(Symbol symbol, long sequence, in MarketEvent e)
        {
            // The first one that is there may be any: what lay before was pruned.
            if (_last.TryGetValue(symbol, out long last) && sequence != last + 1)
            {
                faults.Add(new JournalFault(
                    Path, 0, 0,
                    $"{symbol}: sequence {sequence} follows {last}; {Math.Max(0, sequence - last - 1)} events are "
                    + $"missing"));
            }

            _last[symbol] = sequence;
        }
    }

    private sealed class StatsVisitor : IJournalVisitor
    {
        public Dictionary<Symbol, (long First, long Last, long Count)> Symbols { get; } = [];

        public Dictionary<EventKind, long> Kinds { get; } = [];

        public long Total { get; private set; }

        public long FirstTime { get; private set; } = long.MaxValue;

        public long LastTime { get; private set; }

        public long SegmentFirstTime { get; private set; } = long.MaxValue;

        public long SegmentLastTime { get; private set; }

        public long NextSequence(Symbol symbol) => 1;

        public void Visit(Symbol symbol, long sequence, in MarketEvent e)
        {
            Kinds[e.Kind] = Kinds.GetValueOrDefault(e.Kind) + 1;
            Count(symbol, sequence, 1, e.ReceiveTime, e.ReceiveTime);
        }

        public void Count(Symbol symbol, long firstSequence, int count, long firstTime, long lastTime)
        {
            (long first, long last, long total) = Symbols.GetValueOrDefault(symbol, (firstSequence, 0, 0));
            Symbols[symbol] = (
                Math.Min(first, firstSequence), Math.Max(last, firstSequence + count - 1), total + count);
            Total += count;
            FirstTime = Math.Min(FirstTime, firstTime);
            LastTime = Math.Max(LastTime, lastTime);
            SegmentFirstTime = Math.Min(SegmentFirstTime, firstTime);
            SegmentLastTime = Math.Max(SegmentLastTime, lastTime);
        }

        public void EndSegment()
        {
            SegmentFirstTime = long.MaxValue;
            SegmentLastTime = 0;
        }
    }
}
