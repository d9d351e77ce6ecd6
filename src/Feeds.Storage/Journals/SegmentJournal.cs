using Feeds.Core.Market;
using Feeds.Core.Symbols;

namespace Feeds.Storage.Journals;

/// <summary>The journal of a node in segment files of its own, with snapshots beside them.</summary>
public sealed class SegmentJournal : IJournal
{
    private readonly JournalOptions _options;
    private readonly IStorageEvents _events;
    private readonly TimeProvider _time;
    private readonly JournalWriter _writer;
    private readonly SnapshotStore _snapshots;
    private readonly JournalRetention _retention;
    private readonly JournalSealer _sealer;

    private SegmentJournal(JournalOptions options, TimeProvider time, IStorageEvents events)
    {
        _options = options;
        _events = events;
        _time = time;
        _snapshots = new SnapshotStore(options.Folder, events);
        _writer = JournalWriter.Open(options, time, events);
        _retention = new JournalRetention(options, events);
        _sealer = new JournalSealer(options.Folder, _writer, events);
    }

    /// <inheritdoc/>
    public long Position => _writer.Position;

    /// <summary>The high watermark: position of the last event that is known to be durable.</summary>
    public long DurablePosition => _writer.DurablePosition;

    /// <inheritdoc/>
    public long BytesWritten => _writer.BytesWritten;

    /// <inheritdoc/>
    public long PendingBytes => _writer.PendingBytes;

    /// <inheritdoc/>
    public bool HasRoom => _writer.PendingBytes < _options.MaxPendingBytes / 2;

    /// <summary>Opens the journal of a folder: one writer at a time, held by a lock.</summary>
    /// <exception cref="StorageException">The folder cannot be used, or another process writes it.</exception>
    public static SegmentJournal Open(JournalOptions options, TimeProvider time, IStorageEvents events) =>
        new(options, time, events);

    /// <inheritdoc/>
    public ISymbolJournal For(Symbol symbol, long lastSequence) => _writer.For(symbol, lastSequence);

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _writer.Flush();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<Symbol, RecoveredSymbol>> RecoverAsync(
        IReadOnlyCollection<Symbol> symbols, Func<Symbol, long> durableTick, CancellationToken cancellationToken)
    {
        _writer.Flush();
        Dictionary<Symbol, List<TickRows>> rows = symbols.ToDictionary(
            static symbol => symbol, static _ => new List<TickRows>());
        IReadOnlyDictionary<Symbol, FoldedSymbol> folded = new JournalFold(_options.Folder, _events).Recover(
            symbols,
            durableTick,
            tick => rows[tick.Rows.Feed.Symbol].Add(tick.Rows),
            symbols.Count > 1 ? Environment.ProcessorCount : 1,
            cancellationToken);
        return ValueTask.FromResult<IReadOnlyDictionary<Symbol, RecoveredSymbol>>(folded.ToDictionary(
            static each => each.Key, each => new RecoveredSymbol(each.Value.State, rows[each.Key])));
    }

    /// <inheritdoc/>
    public ValueTask KeepAsync(long position, IReadOnlyList<SymbolSnapshot> states, CancellationToken cancellationToken)
    {
        // A snapshot must not be ahead of the events it stands on.
        _writer.Flush();
        _snapshots.Write(position, Now(), states, _options.KeepSnapshots);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask TendAsync(Func<Symbol, long> durableTick, CancellationToken cancellationToken)
    {
        while (_sealer.SealNext(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        _retention.Prune(Now(), () => _snapshots.NotNeededUpTo(durableTick));
        return ValueTask.CompletedTask;
    }

    /// <summary>Flushes what waits, if the disk takes it, and lets the lock go.</summary>
    public ValueTask DisposeAsync()
    {
        _writer.Dispose();
        return ValueTask.CompletedTask;
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
