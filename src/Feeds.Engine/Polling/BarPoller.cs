using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>
/// Closes bars by the clock: a minute without trades can lack its final push, and a cut connection loses some. Shortly after each
/// minute the bars that no stream brought are fetched, from the newest one known on, or from the hole that features wait behind.
/// </summary>
internal sealed class BarPoller(RestSource rest, NodeOptions options, SymbolSet symbols, ILogger logger)
    : PollerActor(Feed.Bars, rest, symbols, logger, ownsFeed: false)
{
    private const long GraceMs = 5_000;

    // What one request holds; a longer hole is the backfill's.
    private const int MaxBars = BinanceRestClient.BarsPerPage;

    protected override async ValueTask<TimeSpan> PollAsync(CancellationToken cancellationToken)
    {
        long now = Now();
        long newestClosed = TickGrid.AtOrBefore(now, Bar.Minute) - Bar.Minute;
        if (now - newestClosed - Bar.Minute >= GraceMs)
        {
            IEnumerable<SymbolEntry> lacking = Symbols.Entries.Where(entry => entry.Gauges.NewestBarTime < newestClosed || entry.Gauges.BarHoleTime > 0);
            foreach (SymbolEntry[] batch in lacking.Chunk(options.RestBatchSize))
            {
                await Task.WhenAll(batch.Select(entry => AskAsync(entry, newestClosed, cancellationToken)));
            }
        }

        return TimeSpan.FromMilliseconds(TickGrid.Next(Now() - GraceMs, Bar.Minute) + GraceMs - Now());
    }

    private async Task AskAsync(SymbolEntry entry, long newestClosed, CancellationToken cancellationToken) =>
        await TryAsync(
            async () =>
            {
                long known = entry.Gauges.NewestBarTime;
                long hole = entry.Gauges.BarHoleTime;
                long wanted = hole > 0 ? hole : known == 0 ? newestClosed : known + Bar.Minute;
                long from = Math.Max(wanted, newestClosed - ((MaxBars - 1L) * Bar.Minute));
                Answer<Bar> answer = await Rest.GetBarsAsync(
                    entry.Symbol,
                    BarSource.Trades,
                    Period.OneMinute,
                    from,
                    newestClosed + Bar.Minute,
                    RequestPriority.Gap,
                    cancellationToken);
                foreach (Bar bar in answer.Rows)
                {
                    await entry.TellAsync(
                        MarketEvent.ForBar(bar, bar.EndTime, answer.ReceiveTime, isFromStream: false), cancellationToken);
                }

                // What the answer leaves out the exchange does not have: nothing is to be waited for.
                if (hole > 0 && from == hole && answer.Rows.Count > 0)
                {
                    Gap fetched = new(Feed.Bars, 0, 0, from, answer.Rows[^1].EndTime, Gap.Fetched);
                    await entry.TellAsync(MarketEvent.ForGap(fetched, answer.ReceiveTime), cancellationToken);
                }
            },
            [entry],
            cancellationToken);
}
