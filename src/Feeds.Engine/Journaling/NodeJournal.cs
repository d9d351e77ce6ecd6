using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage;
using Feeds.Storage.Journals;
using Feeds.Storage.Sinks;

namespace Feeds.Engine.Journaling;

/// <summary>The journal of a node: written by its symbols, flushed for its rows, read when a symbol comes back.</summary>
internal sealed class NodeJournal : IDisposable
{
    private static readonly TimeSpan DiskRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RoomCheck = TimeSpan.FromMilliseconds(50);

    private readonly JournalOptions _options;
    private readonly IReadOnlyList<IRowSink> _sinks;
    private readonly IStorageEvents _events;
    private readonly TimeProvider _time;
    private readonly SnapshotStore _snapshots;
    private readonly JournalRetention _retention;
    private readonly JournalSealer _sealer;
    private readonly Lock _lock = new();
    private Dictionary<Symbol, RecoveredSymbol> _atStart = [];

    private NodeJournal(JournalOptions options, IReadOnlyList<IRowSink> sinks, TimeProvider time, IStorageEvents events)
    {
        _options = options;
        _sinks = sinks;
        _events = events;
        _time = time;
        _snapshots = new SnapshotStore(options.Folder, events);
        Writer = JournalWriter.Open(options, time, events);
        _retention = new JournalRetention(options, events);
        _sealer = new JournalSealer(options.Folder, Writer, events);
    }

    /// <summary>Where events are appended.</summary>
    public JournalWriter Writer { get; }

    /// <summary>True while what waits for the disk is well below the most that may.</summary>
    public bool HasRoom => Writer.PendingBytes < _options.MaxPendingBytes / 2;

    /// <summary>Opens the journal and brings back the symbols that it knows.</summary>
    /// <exception cref="StorageException">The folder cannot be used, or another process writes it.</exception>
    public static NodeJournal Open(
        JournalOptions options, IReadOnlyList<IRowSink> sinks, TimeProvider time, IStorageEvents events) =>
        new(options, sinks, time, events);

    /// <summary>Reads the past of all symbols in one pass; each is handed out once by <see cref="RecoverAsync"/>.</summary>
    public void RecoverAll(IReadOnlyList<Symbol> symbols, CancellationToken cancellationToken)
    {
        Dictionary<Symbol, RecoveredSymbol> recovered = Fold(symbols, cancellationToken);
        lock (_lock)
        {
            _atStart = recovered;
        }
    }

    /// <summary>
    /// Returns a symbol as the journal tells of it, all that was appended included. Waits as long as the disk takes nothing: that is
    /// not the symbol's failure.
    /// </summary>
    /// <exception cref="StorageSuspectException">The journal has failed for good.</exception>
    public async ValueTask<RecoveredSymbol> RecoverAsync(Symbol symbol, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_atStart.Remove(symbol, out RecoveredSymbol? ready))
            {
                return ready;
            }
        }

        while (true)
        {
            try
            {
                Writer.Flush();
                return Fold([symbol], cancellationToken)[symbol];
            }
            catch (StorageException failure) when (failure is not StorageSuspectException)
            {
                await Task.Delay(DiskRetry, _time, cancellationToken);
            }
        }
    }

    /// <summary>Waits until there is room again.</summary>
    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (!HasRoom)
        {
            await Task.Delay(RoomCheck, _time, cancellationToken);
        }
    }

    /// <summary>Keeps the states of symbols, saved after the journal stood at <paramref name="position"/>.</summary>
    public void Keep(long position, IEnumerable<SymbolSnapshot> states)
    {
        // A snapshot must not be ahead of the events it stands on.
        Writer.Flush();
        _snapshots.Write(position, _time.GetUtcNow().ToUnixTimeMilliseconds(), states, _options.KeepSnapshots);
    }

    /// <summary>Seals full segments and removes what is too old or too much. After a cancel a segment is sealed or as it was.</summary>
    public void Tend(CancellationToken cancellationToken)
    {
        while (_sealer.SealNext(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        _retention.Prune(_time.GetUtcNow().ToUnixTimeMilliseconds(), _snapshots.NotNeededUpTo(DurableTick));
    }

    public void Dispose() => Writer.Dispose();

    private Dictionary<Symbol, RecoveredSymbol> Fold(IReadOnlyList<Symbol> symbols, CancellationToken cancellationToken)
    {
        Dictionary<Symbol, List<FeedRow>> rows = [];
        IReadOnlyDictionary<Symbol, FoldedSymbol> folded = new JournalFold(_options.Folder, _events).Recover(
            symbols,
            DurableTick,
            tick =>
            {
                if (!rows.TryGetValue(tick.Rows.Feed.Symbol, out List<FeedRow>? list))
                {
                    rows[tick.Rows.Feed.Symbol] = list = [];
                }

                list.Add(tick.Rows.Feed);
            },
            symbols.Count > 1 ? Environment.ProcessorCount : 1,
            cancellationToken);
        return folded.ToDictionary(
            each => each.Key, each => new RecoveredSymbol(each.Value.State, rows.GetValueOrDefault(each.Key) ?? []));
    }

    private long DurableTick(Symbol symbol) => _sinks.Count == 0 ? long.MaxValue : _sinks.Min(sink => sink.DurableTick(symbol));
}
