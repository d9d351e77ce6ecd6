using Feeds.Core.Market;
using Feeds.Core.Symbols;

namespace Feeds.Storage.Sinks;

/// <summary>
/// Takes rows to rest. Idempotent by (symbol, tick): a row at or before the symbol's durable tick is held already and
/// is passed over, so after any failure the same rows may be written again. Calls do not overlap: the next one comes
/// after the last one ended.
/// </summary>
public interface IRowSink : IAsyncDisposable
{
    /// <summary>A short name for metrics and logs, such as <c>csv</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Writes rows, ascending in tick for each symbol. When it returns they are durable, or gathered until they are
    /// worth a file:
    /// <see cref="DurableTick"/> tells. After a failure or a cancel some of them may be: call again with the same rows.
    /// </summary>
    /// <exception cref="StorageException">The sink cannot be written just now; try again later.</exception>
    /// <exception cref="StorageSuspectException">The disk did not confirm; the process must end.</exception>
    ValueTask WriteAsync(IReadOnlyList<TickRows> rows, CancellationToken cancellationToken);

    /// <summary>
    /// Rows that were taken and not written, by what became of them; empty from a sink that writes all. Safe from any
    /// thread.
    /// </summary>
    IReadOnlyDictionary<string, long> NotWritten => new Dictionary<string, long>();

    /// <summary>
    /// Returns the newest tick of a symbol that is known to be durable here, epoch ms; 0 when there is none, and
    /// <see cref="long.MaxValue"/> from a sink that wants no rows of the past. Safe from any thread.
    /// </summary>
    long DurableTick(Symbol symbol);
}
