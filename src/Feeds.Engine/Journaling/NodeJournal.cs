using Feeds.Core.Market;
using Feeds.Storage;
using Feeds.Storage.Journals;
using Feeds.Storage.Sinks;

namespace Feeds.Engine.Journaling;

/// <summary>
/// The journal as the node uses it: with its sinks, which say what a recovery need not make again, and with patience.
/// </summary>
internal sealed class NodeJournal : IAsyncDisposable
{
    private static readonly TimeSpan DiskRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RoomCheck = TimeSpan.FromMilliseconds(50);

    private readonly IJournal _journal;
    private readonly IReadOnlyList<IRowSink> _sinks;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private Dictionary<Symbol, RecoveredSymbol> _ready = [];
    private long _keptStamp;

    public NodeJournal(IJournal journal, IReadOnlyList<IRowSink> sinks, TimeProvider time)
    {
        _journal = journal;
        _sinks = sinks;
        _time = time;
        _keptStamp = time.GetTimestamp();
    }

    /// <summary>How long ago the states of all symbols were kept, or this began.</summary>
    public TimeSpan SinceKept => _time.GetElapsedTime(Volatile.Read(ref _keptStamp));

    /// <summary>Position of the last event appended; 0 before the first.</summary>
    public long Position => _journal.Position;

    /// <summary>True while what waits for the disk is well below the most that may.</summary>
    public bool HasRoom => _journal.HasRoom;

    /// <summary>Returns a symbol's part of the journal, to append to.</summary>
    public ISymbolJournal For(Symbol symbol, long lastSequence) => _journal.For(symbol, lastSequence);

    /// <summary>Bytes made durable since the start.</summary>
    public long BytesWritten => _journal.BytesWritten;

    /// <summary>Bytes that wait to become durable.</summary>
    public long PendingBytes => _journal.PendingBytes;

    /// <summary>Returns when everything that was appended before the call is durable.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken) => _journal.FlushAsync(cancellationToken);

    /// <summary>
    /// Reads the past of several symbols in one pass; each is handed out once by <see cref="RecoverAsync"/>.
    /// </summary>
    public async ValueTask PrepareAsync(IReadOnlyCollection<Symbol> symbols, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<Symbol, RecoveredSymbol> recovered = await _journal.RecoverAsync(
            symbols, DurableTick, cancellationToken);
        lock (_lock)
        {
            _ready = new Dictionary<Symbol, RecoveredSymbol>(
                recovered.Concat(_ready).DistinctBy(static each => each.Key));
        }
    }

    /// <summary>
    /// Returns a symbol as the journal tells of it, all that was appended included. Waits as long as the disk takes
    /// nothing: that is not the symbol's failure.
    /// </summary>
    /// <exception cref="StorageSuspectException">The journal has failed for good.</exception>
    public async ValueTask<RecoveredSymbol> RecoverAsync(Symbol symbol, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_ready.Remove(symbol, out RecoveredSymbol? ready))
            {
                return ready;
            }
        }

        while (true)
        {
            try
            {
                return (await _journal.RecoverAsync([symbol], DurableTick, cancellationToken))[symbol];
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
    public ValueTask KeepAsync(
        long position, IReadOnlyList<SymbolSnapshot> states, CancellationToken cancellationToken) =>
        _journal.KeepAsync(position, states, cancellationToken);

    /// <summary>Says that the states of all symbols were kept just now.</summary>
    public void KeptAll() => Volatile.Write(ref _keptStamp, _time.GetTimestamp());

    /// <summary>Compacts what is complete and removes what is too old or too much.</summary>
    public ValueTask TendAsync(CancellationToken cancellationToken) =>
        _journal.TendAsync(DurableTick, cancellationToken);

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    private long DurableTick(Symbol symbol) => _sinks.Count == 0
        ? long.MaxValue : _sinks.Min(sink => sink.DurableTick(symbol));
}
