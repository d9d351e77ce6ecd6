using Feeds.Core.Market;

namespace Feeds.Storage.Journals;

/// <summary>
/// The journal of a node as its actors use it: segment files on one machine, fenced blocks in PostgreSQL in a cluster.
/// Appending is cheap and waits for nothing; a flush makes durable what was appended.
/// </summary>
public interface IJournal : IAsyncDisposable
{
    /// <summary>Position of the last event appended; 0 before the first.</summary>
    long Position { get; }

    /// <summary>Bytes made durable since the start.</summary>
    long BytesWritten { get; }

    /// <summary>Bytes of events that wait to become durable; bounded.</summary>
    long PendingBytes { get; }

    /// <summary>True while what waits to become durable is well below the most that may.</summary>
    bool HasRoom { get; }

    /// <summary>
    /// Returns a symbol's part of the journal. <paramref name="lastSequence"/> is that of the symbol's recovered state,
    /// 0 for a symbol that has no past.
    /// </summary>
    ISymbolJournal For(Symbol symbol, long lastSequence);

    /// <summary>
    /// Returns when everything that was appended before the call is durable. After a cancel it may be.
    /// </summary>
    /// <exception cref="StorageException">
    /// It cannot be written just now; what waits is kept and written by a later flush.
    /// </exception>
    /// <exception cref="StorageSuspectException">
    /// It was not confirmed: the journal has failed and the process must end.
    /// </exception>
    ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Brings symbols back as the journal tells of them, with the rows of ticks after what every sink holds. One
    /// without a past has an empty state.
    /// </summary>
    /// <param name="symbols">Which symbols.</param>
    /// <param name="durableTick">
    /// For a symbol, the newest tick that the slowest sink holds, epoch ms; 0 for none.
    /// </param>
    /// <param name="cancellationToken">Ends it early; nothing was changed.</param>
    /// <exception cref="StorageException">The journal cannot be read just now.</exception>
    ValueTask<IReadOnlyDictionary<Symbol, RecoveredSymbol>> RecoverAsync(
        IReadOnlyCollection<Symbol> symbols, Func<Symbol, long> durableTick, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps states of symbols, saved after the journal stood at <paramref name="position"/>; what they stand on is
    /// made durable first. They are only a cache.
    /// </summary>
    ValueTask KeepAsync(long position, IReadOnlyList<SymbolSnapshot> states, CancellationToken cancellationToken);

    /// <summary>
    /// Compacts what is complete and removes what is too old or too much, but nothing that a recovery still needs.
    /// </summary>
    /// <param name="durableTick">
    /// For a symbol, the newest tick that the slowest sink holds, epoch ms; 0 for none.
    /// </param>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    ValueTask TendAsync(Func<Symbol, long> durableTick, CancellationToken cancellationToken);
}
