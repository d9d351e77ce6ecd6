using Feeds.Actors;
using Feeds.Core.Market;
using Feeds.Core.Symbols;

namespace Feeds.Engine.Rows;

/// <summary>Where symbol actors hand their rows over; waits while the sinks lag.</summary>
internal sealed class RowOutlet(ActorRef<RowMessage> sink)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Hands the rows of a tick over. After a cancel it may or may not be on its way.</summary>
    public async ValueTask EmitAsync(TickRows rows, CancellationToken cancellationToken) =>
        await sink.TellAsync(new RowMessage(rows.Feed.TickTime, rows), cancellationToken);

    /// <summary>
    /// Returns when every row that was handed over before is written or discarded, however long the sinks take.
    /// </summary>
    public async Task WrittenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await sink.Ask<bool>(static done => new RowMessage(0, null, done), Patience, cancellationToken);
                return;
            }
            catch (AskTimeoutException)
            {
                // The sinks take nothing just now; the rows wait, and so does this.
            }
        }
    }

    /// <summary>Says that a symbol has no row for a tick, so that nobody waits for it.</summary>
    public async ValueTask SkipAsync(Symbol symbol, long tickTime, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(symbol);
        await sink.TellAsync(new RowMessage(tickTime, null), cancellationToken);
    }
}
