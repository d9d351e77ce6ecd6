using Feeds.Core.Market;
using Feeds.Storage.Files;

namespace Feeds.Storage.Journals;

/// <summary>
/// Seals open segments that are full: rewrites their events by symbol and column, compressed and indexed, and deletes
/// the open one once the sealed one is durable. An open segment with damage is kept as <c>.damaged</c>. Meant for one
/// background thread.
/// </summary>
public sealed class JournalSealer
{
    /// <summary>Events of a block; a symbol's last one in a segment has fewer.</summary>
    internal const int BlockEvents = 1_000;

    // Symbols whose events are gathered at a time, each up to half a megabyte; with more, the segment is read again for
    // the others.
    private const int MaxGathered = 128;

    private readonly JournalWriter? _writer;
    private readonly JournalFolder _folder;
    private readonly IFileSystem _files;
    private readonly IStorageEvents _events;
    private readonly BookScratch _scratch = new();
    private readonly ByteColumn _content = new();
    private readonly Stack<EventBlockWriter> _spare = new();

    /// <summary>
    /// Makes the sealer of a journal; the segment that <paramref name="writer"/> is at is left alone.
    /// </summary>
    public JournalSealer(string folder, JournalWriter writer, IStorageEvents? events = null)
        : this(folder, writer, DiskFileSystem.Instance, events ?? NoStorageEvents.Instance)
    {
    }

    internal JournalSealer(string folder, JournalWriter? writer, IFileSystem files, IStorageEvents events)
    {
        _folder = new JournalFolder(files, folder);
        _writer = writer;
        _files = files;
        _events = events;
    }

    /// <summary>
    /// Seals the oldest open segment that is full. False when there is none. A cancel leaves the segment open, as it
    /// was.
    /// </summary>
    /// <exception cref="StorageException">
    /// The disk takes nothing just now; the segment stays open, as it was.
    /// </exception>
    /// <exception cref="StorageSuspectException">The disk did not confirm; the process must end.</exception>
    public bool SealNext(CancellationToken cancellationToken = default)
    {
        try
        {
            IReadOnlyList<SegmentName> segments = _folder.Segments();
            string? current = _writer?.CurrentPath;
            foreach (SegmentName name in segments)
            {
                if (name.Extension == SegmentName.Open && _folder.PathOf(name) != current)
                {
                    Seal(name, cancellationToken);
                    return true;
                }
            }

            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                _folder.Folder, $"a segment in {_folder.Folder} cannot be sealed: {e.Message}", e);
        }
    }

    private void Seal(SegmentName name, CancellationToken cancellationToken)
    {
        string path = _folder.PathOf(name);
        bool isDamaged = false;
        using (IStoredFile open = _files.OpenRead(path))
        using (BlockFileWriter output = new(
            _files, _folder, name with { Extension = SegmentName.Sealed }, SegmentForm.Sealed))
        {
            HashSet<Symbol> sealedSymbols = [];
            long end = name.FirstPosition;
            for (bool hasMore = true; hasMore;)
            {
                FrameScanner scanner = new(open, name.FirstPosition);
                scanner.Damaged += (_, _) => isDamaged = true;
                SortedDictionary<Symbol, EventBlockWriter> blocks = [];
                hasMore = false;
                while (scanner.Next() is { } frame)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    foreach (FrameEntry entry in frame.Entries)
                    {
                        hasMore |= !sealedSymbols.Contains(entry.Symbol) && !TryGather(entry.Symbol, blocks);
                    }

                    isDamaged |= !TryAdd(frame, blocks, output);
                }

                foreach ((Symbol symbol, EventBlockWriter block) in blocks)
                {
                    Finish(symbol, block, output);
                    _spare.Push(block);
                    sealedSymbols.Add(symbol);
                }

                isDamaged |= scanner.TailLength > 0;
                end = scanner.NextPosition;
            }

            output.Finish(end - 1);
        }

        if (isDamaged)
        {
            string aside = Path.ChangeExtension(path, SegmentName.Quarantine);
            _files.Move(path, aside);
            _events.Damaged(path, 0, 0, $"the segment was sealed without its damaged parts and is kept as {aside}");
        }
        else
        {
            _files.Delete(path);
        }

        _files.FlushFolder(_folder.Folder);
    }

    // False when no more can be gathered in this reading.
    private bool TryGather(Symbol symbol, SortedDictionary<Symbol, EventBlockWriter> blocks)
    {
        if (blocks.ContainsKey(symbol))
        {
            return true;
        }

        if (blocks.Count == MaxGathered)
        {
            return false;
        }

        blocks.Add(symbol, _spare.TryPop(out EventBlockWriter? spare) ? spare : new EventBlockWriter());
        return true;
    }

    private bool TryAdd(JournalFrame frame, SortedDictionary<Symbol, EventBlockWriter> blocks, BlockFileWriter output)
    {
        EventBlockWriter?[] writers = new EventBlockWriter?[frame.Entries.Count];
        long[] next = new long[frame.Entries.Count];
        for (int i = 0; i < writers.Length; i++)
        {
            writers[i] = blocks.GetValueOrDefault(frame.Entries[i].Symbol);
            next[i] = frame.Entries[i].FirstSequence;
        }

        try
        {
            for (ReadOnlySpan<byte> events = frame.Events.Span; events.Length > 0;)
            {
                int length = EventCodec.ReadHead(events, out int symbol);
                if (symbol >= writers.Length)
                {
                    throw new JournalFormatException(
                        $"an event of symbol {symbol} in a frame of {writers.Length} symbols");
                }

                ReadOnlySpan<byte> content = events[..length];
                events = events[length..];
                if (writers[symbol] is not { } block)
                {
                    next[symbol]++;
                    continue;
                }

                MarketEvent e = EventCodec.Read(content, _scratch);
                if (block.Count == BlockEvents
                    || (block.Count > 0 && block.FirstSequence + block.Count != next[symbol]))
                {
                    Finish(frame.Entries[symbol].Symbol, block, output);
                }

                block.Add(next[symbol]++, e);
            }

            return true;
        }
        catch (JournalFormatException)
        {
            // The checksum is right, so a broken program or a hand wrote it; the open form is kept for a person.
            return false;
        }
    }

    private void Finish(Symbol symbol, EventBlockWriter block, BlockFileWriter output)
    {
        if (block.Count == 0)
        {
            return;
        }

        (long firstSequence, int count, long firstTime, long lastTime) =
            (block.FirstSequence, block.Count, block.FirstTime, block.LastTime);
        _content.Clear();
        block.Finish(_content);
        output.Add(
            BlockKind.Events, EventBlockWriter.Version, symbol, firstSequence, count, firstTime, lastTime,
            _content.Bytes);
    }
}
