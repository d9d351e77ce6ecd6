using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Core.Symbols;
using Feeds.Storage.Files;

namespace Feeds.Storage.Journals;

/// <summary>
/// The snapshots of a journal: only a cache. One that is damaged, of an unknown form or of another symbol is passed
/// over, and the state comes from an older one or from the beginning. One of which only some parts are of another
/// version is a last resort: the journal makes these parts anew.
/// </summary>
public sealed class SnapshotStore
{
    private const ushort Version = 1;

    private readonly JournalFolder _folder;
    private readonly IFileSystem _files;
    private readonly IStorageEvents _events;

    /// <summary>Makes the store of a journal's folder.</summary>
    public SnapshotStore(string folder, IStorageEvents? events = null)
        : this(folder, DiskFileSystem.Instance, events ?? NoStorageEvents.Instance)
    {
    }

    internal SnapshotStore(string folder, IFileSystem files, IStorageEvents events)
    {
        _files = files;
        _events = events;
        _folder = new JournalFolder(files, folder);
    }

    /// <summary>
    /// Writes the states of all symbols as one file, which is there whole or not at all, and removes all but the newest
    /// <paramref name="keep"/>.
    /// </summary>
    /// <param name="position">
    /// The journal's position before the first of the states was saved: every event up to it is in the states.
    /// </param>
    /// <param name="time">Epoch ms, our clock.</param>
    /// <param name="symbols">The states, each symbol once.</param>
    /// <param name="keep">How many snapshots are kept, at least 1.</param>
    /// <exception cref="StorageException">
    /// The disk takes nothing just now; older snapshots are as they were.
    /// </exception>
    /// <exception cref="StorageSuspectException">The disk did not confirm; the process must end.</exception>
    public void Write(long position, long time, IEnumerable<SymbolSnapshot> symbols, int keep = 4)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(keep);
        try
        {
            _files.CreateFolder(_folder.Folder);
            using BlockFileWriter file = new(
                _files, _folder, new SegmentName(position, time, SegmentName.Snapshot), SegmentForm.Snapshot);
            foreach (SymbolSnapshot symbol in symbols)
            {
                file.Add(
                    BlockKind.State, Version, symbol.Symbol, symbol.Sequence, 0, symbol.LastTickTime,
                    symbol.LastReceiveTime,
                    symbol.State.Span);
            }

            file.Finish(position);
            foreach (SegmentName old in _folder.Snapshots().Skip(keep))
            {
                _files.Delete(_folder.PathOf(old));
                _events.Removed(_folder.PathOf(old), "more snapshots than are to be kept");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                _folder.Folder, $"a snapshot cannot be written to {_folder.Folder}: {e.Message}", e);
        }
    }

    /// <summary>
    /// Returns, for each symbol, the newest good snapshot whose last tick is not later than the symbol's
    /// <paramref name="latestTick"/> (epoch ms) and whose sequence is not above <paramref name="latestSequence"/>: one
    /// that is whole when there is one, else one with parts of another version; symbols without either are absent.
    /// </summary>
    internal IReadOnlyDictionary<Symbol, LoadedSnapshot> Load(
        IReadOnlyCollection<Symbol> symbols, Func<Symbol, long> latestTick, Func<Symbol, long> latestSequence)
    {
        Dictionary<Symbol, LoadedSnapshot> found = [];
        bool IsGood(BlockEntry entry) =>
            entry.FirstTime <= latestTick(entry.Symbol) && entry.FirstSequence <= latestSequence(entry.Symbol);
        LoadInto(found, _folder.Snapshots(), symbols, IsGood, wantsWhole: true);
        LoadInto(found, _folder.Snapshots(), symbols, IsGood, wantsWhole: false);
        return found;
    }

    /// <summary>
    /// Returns, for each symbol, the oldest good and whole snapshot whose sequence is not below the given one.
    /// </summary>
    internal IReadOnlyDictionary<Symbol, LoadedSnapshot> LoadOldest(
        IReadOnlyCollection<Symbol> symbols, Func<Symbol, long> earliestSequence)
    {
        Dictionary<Symbol, LoadedSnapshot> found = [];
        LoadInto(
            found, _folder.Snapshots().Reverse(), symbols,
            entry => entry.FirstSequence >= earliestSequence(entry.Symbol), wantsWhole: true);
        return found;
    }

    /// <summary>
    /// Returns the position up to which no event is needed any more to bring back every symbol from the newest snapshot
    /// that no sink is behind; 0 when there is none, so that all are needed.
    /// </summary>
    /// <param name="durableTick">For a symbol, the newest tick that the slowest sink holds, epoch ms.</param>
    public long NotNeededUpTo(Func<Symbol, long> durableTick)
    {
        foreach (SegmentName name in _folder.Snapshots())
        {
            if (IsGoodFor(name, durableTick))
            {
                return name.FirstPosition;
            }
        }

        return 0;
    }

    private void LoadInto(
        Dictionary<Symbol, LoadedSnapshot> found,
        IEnumerable<SegmentName> names,
        IReadOnlyCollection<Symbol> symbols,
        Func<BlockEntry, bool> isGood,
        bool wantsWhole)
    {
        HashSet<Symbol> wanted = [.. symbols.Where(symbol => !found.ContainsKey(symbol))];
        foreach (SegmentName name in names)
        {
            if (wanted.Count == 0)
            {
                break;
            }

            using BlockFile? file = TryOpen(name);
            foreach (BlockEntry entry in file?.Entries ?? [])
            {
                if (wanted.Contains(entry.Symbol) && isGood(entry)
                    && TryLoad(file!, entry, name.FirstPosition) is { } snapshot && (snapshot.IsWhole || !wantsWhole))
                {
                    found.Add(entry.Symbol, snapshot);
                    wanted.Remove(entry.Symbol);
                }
            }
        }
    }

    private bool IsGoodFor(SegmentName name, Func<Symbol, long> durableTick)
    {
        using BlockFile? file = TryOpen(name);
        return file is { IsIndexWhole: true }
            && file.Entries.All(
                entry => entry.FirstTime <= durableTick(entry.Symbol)
                    && TryLoad(file, entry, name.FirstPosition) is { IsWhole: true });
    }

    private BlockFile? TryOpen(SegmentName name)
    {
        string path = _folder.PathOf(name);
        try
        {
            return BlockFile.Open(_files, path, name, _events);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JournalVersionException)
        {
            _events.Damaged(path, 0, 0, $"the snapshot is passed over: {e.Message}");
            return null;
        }
    }

    private static LoadedSnapshot? TryLoad(BlockFile file, in BlockEntry entry, long position)
    {
        if (entry.Kind != BlockKind.State
            || !file.TryRead(entry, out BlockHeader header, out ReadOnlySpan<byte> content)
            || header.Version != Version)
        {
            return null;
        }

        SymbolState state = new(entry.Symbol);
        try
        {
            return state.Overlay(new StateReader(content)) is { } stale && state.Sequence == entry.FirstSequence
                ? new LoadedSnapshot(state, position, stale == 0 ? [] : content.ToArray())
                : null;
        }
        catch (StateFormatException)
        {
            return null;
        }
    }
}
