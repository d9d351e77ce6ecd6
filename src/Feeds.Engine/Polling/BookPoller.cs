using Feeds.Binance.Books;
using Feeds.Binance.Limits;
using Feeds.Core.Market;
using Feeds.Engine.Books;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>
/// Fetches the snapshots that certified books want: at once when a book is not valid, with growing pauses while the
/// answers are too old to be of use, and now and then to hold a valid book against one. Each weighs 1.
/// </summary>
internal sealed class BookPoller(
    RestSource rest, NodeOptions options, CertifiedBooks books, SymbolSet symbols, ILogger logger)
    : PollerActor(Feed.Depth, rest, symbols, logger, ownsFeed: false)
{
    private const long FirstPauseMs = 1_000;
    private const long LongestPauseMs = 60_000;
    private const long AuditPeriodMs = 600_000;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<int, Progress> _progress = [];

    protected override async ValueTask<TimeSpan> PollAsync(CancellationToken cancellationToken)
    {
        long now = Now();
        List<(SymbolEntry Entry, CertifiedBook Book, Progress Progress)> due = [];
        foreach ((int index, CertifiedBook book) in books.All)
        {
            if (Symbols.At(index) is not { } entry)
            {
                continue;
            }

            if (!_progress.TryGetValue(index, out Progress? progress))
            {
                // Books that came together are not audited together.
                _progress[index] = progress = new Progress { AuditTime = now + AuditPeriodMs + (index % 60 * 10_000L) };
            }

            if (progress.IsDue(book, now))
            {
                due.Add((entry, book, progress));
            }
        }

        // What no row can do without goes first.
        foreach ((SymbolEntry Entry, CertifiedBook Book, Progress Progress)[] batch in
            due.OrderBy(static each => each.Book.Wish).Chunk(options.RestBatchSize))
        {
            await Task.WhenAll(batch.Select(each => AskAsync(each.Entry, each.Book, each.Progress, cancellationToken)));
        }

        return Period;
    }

    private async Task AskAsync(
        SymbolEntry entry, CertifiedBook book, Progress progress, CancellationToken cancellationToken)
    {
        SymbolEntry[] concerned = book.Wish == SnapshotWish.Restore ? [entry] : [];
        await TryAsync(
            async () => book.Offer(await Rest.GetBookAsync(entry.Symbol, null, RequestPriority.Gap, cancellationToken)),
            concerned,
            cancellationToken);
        progress.NextTime = Now() + Math.Min(FirstPauseMs << Math.Min(progress.Tries, 8), LongestPauseMs);
        progress.Tries++;
    }

    /// <summary>How far the snapshots of one book are.</summary>
    private sealed class Progress
    {
        public int Tries { get; set; }

        public long NextTime { get; set; }

        public long AuditTime { get; set; }

        public bool IsDue(CertifiedBook book, long now)
        {
            if (book.Wish == SnapshotWish.None)
            {
                Tries = 0;
                NextTime = 0;
                if (now >= AuditTime)
                {
                    AuditTime = now + AuditPeriodMs;
                    book.RequestAudit();
                }

                return false;
            }

            // One that waits for its change is not asked for again, unless the stream stands still for long.
            return now >= NextTime && (!book.HasSnapshot || now >= NextTime + LongestPauseMs);
        }
    }
}
