using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage.Files;

namespace Feeds.Storage.Journals;

/// <summary>
/// Folds a journal into states and rows: recovery after a stop, replay and verification are this one thing. Rows are a
/// function of the journal alone: not of the speed, the number of cores or whether a snapshot was used.
/// </summary>
public sealed class JournalFold
{
    private readonly string _folder;
    private readonly IFileSystem _files;
    private readonly IStorageEvents _events;

    /// <summary>Makes the fold of a journal's folder.</summary>
    public JournalFold(string folder, IStorageEvents? events = null)
        : this(folder, DiskFileSystem.Instance, events ?? NoStorageEvents.Instance)
    {
    }

    internal JournalFold(string folder, IFileSystem files, IStorageEvents events)
    {
        _folder = folder;
        _files = files;
        _events = events;
    }

    /// <summary>
    /// Brings symbols back after a stop. The states stand at the last event of the journal; a symbol that it does not
    /// know has an empty one. Rows after what the slowest sink holds come to <paramref name="onTick"/>, to be released
    /// again; a sink passes over those that it has.
    /// </summary>
    /// <param name="symbols">Which symbols.</param>
    /// <param name="durableTick">
    /// For a symbol, the newest tick that the slowest sink holds, epoch ms; 0 for none.
    /// </param>
    /// <param name="onTick">Takes the rows, ordered by tick and symbol.</param>
    /// <param name="cores">How many cores work at it.</param>
    /// <param name="cancellationToken">Ends it early with an exception; nothing was changed.</param>
    public IReadOnlyDictionary<Symbol, FoldedSymbol> Recover(
        IReadOnlyCollection<Symbol> symbols,
        Func<Symbol, long> durableTick,
        Action<FoldedTick> onTick,
        int cores = 1,
        CancellationToken cancellationToken = default)
    {
        Dictionary<Symbol, FoldedSymbol> folded = new(
            Run(new FoldOptions { Symbols = symbols, AfterTick = durableTick, Cores = cores }, onTick,
                cancellationToken));
        foreach (Symbol symbol in symbols)
        {
            folded.TryAdd(symbol, new FoldedSymbol(new SymbolState(symbol), snapshotSequence: 0));
        }

        return folded;
    }

    /// <summary>Folds what the options say. Returns the symbols that were met, with their states at the end.</summary>
    /// <param name="options">What is folded.</param>
    /// <param name="onTick">Takes the rows, ordered by tick and symbol; called on the caller's thread.</param>
    /// <param name="cancellationToken">Ends it early with an exception; nothing was changed.</param>
    /// <exception cref="StorageException">A file cannot be read.</exception>
    /// <exception cref="JournalVersionException">The journal is of a newer program.</exception>
    public IReadOnlyDictionary<Symbol, FoldedSymbol> Run(
        FoldOptions options, Action<FoldedTick> onTick, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Cores, 1);
        JournalReader[] readers = new JournalReader[options.Cores];
        FoldVisitor[] workers = new FoldVisitor[options.Cores];
        OnceEvents events = new(_events);
        HashSet<Symbol>? wanted = options.Symbols is null ? null : [.. options.Symbols];
        for (int i = 0; i < workers.Length; i++)
        {
            readers[i] = new JournalReader(_folder, _files, events);
            workers[i] = new FoldVisitor(options, wanted, i);
        }

        long position = BeginAtSnapshots(options, readers[0], workers);
        IReadOnlyList<SegmentContent> segments = readers[0].Contents(position, cancellationToken);
        TickOrder order = new(segments, symbol => wanted?.Contains(symbol) ?? true);
        readers[0].ForEach(
            segments.Select(static segment => segment.Name),
            name =>
            {
                Parallel.For(
                    0,
                    workers.Length,
                    new ParallelOptions
                    {
                        MaxDegreeOfParallelism = workers.Length,
                        CancellationToken = cancellationToken
                    },
                    i => readers[i].ReadSegment(name, workers[i], cancellationToken));
                order.Add(
                    workers.SelectMany(worker => worker.Ticks), symbol => LastTick(symbol, options, workers),
                    MaxTickAgeMs(workers), onTick);
                Array.ForEach(workers, static worker => worker.Ticks.Clear());
            },
            cancellationToken);
        return workers.SelectMany(worker => worker.Symbols).ToDictionary();
    }

    // Returns the journal's position up to which no event is needed, as all symbols begin behind it.
    private long BeginAtSnapshots(FoldOptions options, JournalReader reader, FoldVisitor[] workers)
    {
        IReadOnlyCollection<Symbol> symbols = options.Symbols ?? reader.Symbols();
        SnapshotStore snapshots = new(_folder, _files, _events);
        IReadOnlyDictionary<Symbol, LoadedSnapshot> found;
        if (options.UseSnapshots)
        {
            IReadOnlyDictionary<Symbol, long> last = reader.LastSequences(symbols);
            found = snapshots.Load(
                symbols,
                symbol => Math.Min(options.AfterTick(symbol), options.LastTick),
                symbol => last.GetValueOrDefault(symbol));
        }
        else
        {
            IReadOnlyDictionary<Symbol, long> first = reader.FirstSequences(symbols);
            found = snapshots.LoadOldest(
                [.. symbols.Where(symbol => first.GetValueOrDefault(symbol) > 1)], symbol => first[symbol] - 1);
        }

        IReadOnlyDictionary<Symbol, long> firstOfAnew = reader.FirstSequences(
            [.. found.Where(static each => !each.Value.IsWhole).Select(static each => each.Key)]);
        foreach ((Symbol symbol, LoadedSnapshot snapshot) in found)
        {
            FoldVisitor worker = Array.Find(workers, worker => worker.Takes(symbol))!;
            if (firstOfAnew.TryGetValue(symbol, out long first) && first <= snapshot.State.Sequence)
            {
                worker.BeginAnew(snapshot, first);
            }
            else
            {
                worker.Begin(snapshot.State);
            }
        }

        return symbols.Count == found.Count
            ? found.Values.Min(static snapshot => snapshot.IsWhole ? snapshot.Position : 0) : 0;
    }

    // A tick that lags more than three intervals has no row; and its event may have waited for a disk that took
    // nothing.
    private static long MaxTickAgeMs(FoldVisitor[] workers) =>
        3_600_000 + (3L * workers.SelectMany(worker => worker.Symbols.Values)
        .Select(folded => folded.State.Settings.IntervalMs).DefaultIfEmpty(SymbolSettings.Default.IntervalMs).Max());

    private static long LastTick(Symbol symbol, FoldOptions options, FoldVisitor[] workers)
    {
        FoldVisitor worker = Array.Find(workers, worker => worker.Takes(symbol))!;
        return !worker.Symbols.TryGetValue(symbol, out FoldedSymbol? folded) ? 0
            : folded.State.LastTickTime >= options.LastTick ? long.MaxValue
            : folded.State.LastTickTime;
    }
}
