using System.Collections.Concurrent;
using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Core.Market;
using Feeds.Engine.Context;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>
/// Closes bars by the clock: a minute without trades can lack its final push, and a cut connection loses some. Shortly
/// after each minute the bars that no stream brought are fetched, from the newest one known on, or from the oldest that
/// is missing; one that cannot be taken in any more is declared to the symbol as a gap, once.
/// </summary>
internal sealed class BarPoller(
    RestSource rest, NodeOptions options, SymbolSet symbols, Universe universe, ContextFeed context, ILogger logger)
    : PollerActor(Feed.Bars, rest, symbols, logger, ownsFeed: false)
{
    private const long GraceMs = 5_000;

    // What one request holds; a longer hole is the backfill's.
    private const int MaxBars = BinanceRestClient.BarsPerPage;

    // The newest bar that was asked for and answered, by symbol.
    private readonly ConcurrentDictionary<Symbol, long> _asked = new();

    protected override async ValueTask<TimeSpan> PollAsync(CancellationToken cancellationToken)
    {
        long now = Now();
        long newestClosed = TickGrid.AtOrBefore(now, Bar.Minute) - Bar.Minute;
        if (now - newestClosed - Bar.Minute >= GraceMs)
        {
            IEnumerable<SymbolEntry> lacking = Symbols.Entries.Where(
                entry => entry.Gauges.NewestBarTime < newestClosed || entry.Gauges.BarHoleTime > 0
                    || entry.Gauges.MissingBars.Count > 0);
            foreach (SymbolEntry[] batch in lacking.Chunk(options.RestBatchSize))
            {
                await Task.WhenAll(
                    batch.Select(entry => AskAsync(entry.Symbol, entry, newestClosed, cancellationToken)));
            }

            foreach (Symbol symbol in context.Bars.Symbols.Where(symbol => IsLacking(symbol, newestClosed)))
            {
                await AskAsync(symbol, null, newestClosed, cancellationToken);
            }
        }

        return TimeSpan.FromMilliseconds(TickGrid.Next(Now() - GraceMs, Bar.Minute) + GraceMs - Now());
    }

    // A symbol that is context and not watched; those that are watched were asked for above.
    private bool IsLacking(Symbol symbol, long newestClosed) =>
        Symbols.Find(symbol) is null && universe.IsTrading(symbol) && context.Bars.NewestTime(symbol) < newestClosed;

    // Where the oldest missing bar begins. One that an answer brought and that is missing still came too late: a later
    // one is part of the features already. It will not come any more.
    private async Task<long> HoleAsync(SymbolEntry entry, long newestClosed, CancellationToken cancellationToken)
    {
        long hole = entry.Gauges.BarHoleTime;
        long asked = _asked.GetValueOrDefault(entry.Symbol);
        long[] missing = [.. entry.Gauges.MissingBars];
        long[] late = hole > 0 || asked >= newestClosed ? [] : [.. missing.TakeWhile(time => time <= asked)];
        foreach (long openTime in late)
        {
            Gap gap = new(Feed.Bars, openTime, openTime, openTime, openTime + Bar.Minute, "late");
            await entry.TellAsync(MarketEvent.ForGap(gap, Now()), cancellationToken);
        }

        return hole > 0 ? hole : missing.Length > late.Length ? missing[late.Length] : 0;
    }

    private async Task AskAsync(
        Symbol symbol, SymbolEntry? entry, long newestClosed, CancellationToken cancellationToken) =>
        await TryAsync(
            async () =>
            {
                long known = entry?.Gauges.NewestBarTime ?? context.Bars.NewestTime(symbol);
                long hole = entry is null ? 0 : await HoleAsync(entry, newestClosed, cancellationToken);
                long wanted = hole > 0 ? hole : known == 0 ? newestClosed : known + Bar.Minute;
                long from = Math.Max(wanted, newestClosed - ((MaxBars - 1L) * Bar.Minute));
                if (from > newestClosed)
                {
                    return;
                }

                Answer<Bar> answer = await Rest.GetBarsAsync(
                    symbol,
                    BarSource.Trades,
                    Period.OneMinute,
                    from,
                    newestClosed + Bar.Minute,
                    RequestPriority.Gap,
                    cancellationToken);
                foreach (Bar bar in answer.Rows)
                {
                    await context.TellAsync(symbol, bar, answer.ReceiveTime, cancellationToken);
                    if (entry is not null)
                    {
                        await entry.TellAsync(
                            MarketEvent.ForBar(bar, bar.EndTime, answer.ReceiveTime, isFromStream: false),
                            cancellationToken);
                    }
                }

                _asked[symbol] = newestClosed;

                // What the answer leaves out the exchange does not have: nothing is to be waited for.
                if (entry is not null && hole > 0 && from == hole && answer.Rows.Count > 0)
                {
                    Gap fetched = new(Feed.Bars, 0, 0, from, answer.Rows[^1].EndTime, Gap.Fetched);
                    await entry.TellAsync(MarketEvent.ForGap(fetched, answer.ReceiveTime), cancellationToken);
                }
            },
            entry is null ? [] : [entry],
            cancellationToken);
}
