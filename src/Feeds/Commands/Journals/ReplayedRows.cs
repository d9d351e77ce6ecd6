using System.Collections.Concurrent;
using Feeds.Core.Symbols;
using Feeds.Storage;
using Feeds.Storage.Journals;
using Feeds.Storage.Sinks;

namespace Feeds.Commands.Journals;

/// <summary>
/// Folds a journal and writes its rows to a sink; the fold goes on while the sink writes, a few batches ahead at most.
/// </summary>
internal static class ReplayedRows
{
    private const int BatchRows = 10_000;
    private const int BatchesAhead = 2;

    /// <summary>Writes all rows that the options ask for and returns their number.</summary>
    /// <exception cref="StorageException">
    /// A file cannot be read, or the sink cannot be written: some rows are written then.
    /// </exception>
    public static async Task<long> WriteAsync(
        JournalFold fold, FoldOptions options, ReplayPace pace, IRowSink sink, CancellationToken cancellationToken)
    {
        using BlockingCollection<TickRows[]> batches = new(BatchesAhead);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task folding = Task.Run(() => Fold(fold, options, pace, batches, stop.Token), CancellationToken.None);
        long rows = 0;
        try
        {
            foreach (TickRows[] batch in batches.GetConsumingEnumerable(cancellationToken))
            {
                await sink.WriteAsync(batch, cancellationToken);
                rows += batch.Length;
            }
        }
        catch
        {
            await stop.CancelAsync();
            await folding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await folding;
        return rows;
    }

    private static void Fold(
        JournalFold fold, FoldOptions options, ReplayPace pace, BlockingCollection<TickRows[]> batches,
        CancellationToken cancellationToken)
    {
        try
        {
            List<TickRows> batch = new(BatchRows);
            fold.Run(
                options,
                tick =>
                {
                    pace.Hold(tick);
                    batch.Add(tick.Rows);
                    if (batch.Count >= BatchRows)
                    {
                        batches.Add([.. batch], cancellationToken);
                        batch.Clear();
                    }
                },
                cancellationToken);
            batches.Add([.. batch], cancellationToken);
        }
        finally
        {
            batches.CompleteAdding();
        }
    }
}
