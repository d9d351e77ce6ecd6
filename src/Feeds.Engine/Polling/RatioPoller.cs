using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>
/// Long/short and taker ratios, one record per 5 minutes each, after the open-interest records and within their share
/// of the requests. What the budget leaves out is asked for in the next period, with the records in between.
/// </summary>
internal sealed class RatioPoller(RestSource rest, NodeOptions options, SymbolSet symbols, ILogger logger)
    : PollerActor(Feed.Ratios, rest, symbols, logger)
{
    private const int PeriodMs = 300_000;

    // Of the 1000 requests per 5 min that all statistics share, open interest goes first.
    private const int MaxRequests = 800;
    private const long DelayMs = 45_000;
    private const int MaxRecords = 30;

    private readonly Dictionary<(Symbol Symbol, int Kind), long> _newest = [];
    private int _first;

    protected override async ValueTask<TimeSpan> PollAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<SymbolEntry> entries = Symbols.Entries;
        int budget = Math.Max(0, MaxRequests - entries.Count);
        List<(SymbolEntry Entry, int Kind)> wanted = [];

        // By kind first: the most useful ratio of every symbol before the next ratio of any.
        for (int kind = 0; kind < 4; kind++)
        {
            for (int i = 0; i < entries.Count; i++)
            {
                wanted.Add((entries[(i + _first) % entries.Count], kind));
            }
        }

        foreach ((SymbolEntry Entry, int Kind)[] batch in wanted.Take(budget).Chunk(options.RestBatchSize))
        {
            await Task.WhenAll(batch.Select(each => AskAsync(each.Entry, each.Kind, cancellationToken)));
        }

        _first = entries.Count == 0 || budget >= wanted.Count ? 0 : (_first + budget) % entries.Count;
        return TimeSpan.FromMilliseconds(TickGrid.Next(Now() - DelayMs, PeriodMs) + DelayMs - Now());
    }

    private async Task AskAsync(SymbolEntry entry, int kind, CancellationToken cancellationToken) =>
        await TryAsync(
            async () =>
            {
                long newest = Newest(entry.Symbol, kind);
                long missed = newest == 0 ? 1 : Math.Clamp((Now() - newest) / PeriodMs, 1, MaxRecords);
                foreach (MarketEvent e in await EventsAsync(entry.Symbol, kind, (int)missed + 1, cancellationToken))
                {
                    if (e.EventTime > newest)
                    {
                        await entry.TellAsync(e, cancellationToken);
                        newest = e.EventTime;
                    }
                }

                entry.Gauges.SetConnected(Feed.Ratios, true);
                lock (_newest)
                {
                    _newest[(entry.Symbol, kind)] = newest;
                }
            },
            [entry],
            cancellationToken);

    private async Task<IEnumerable<MarketEvent>> EventsAsync(
        Symbol symbol, int kind, int limit, CancellationToken cancellationToken)
    {
        if (kind == 3)
        {
            Answer<Stamped<TakerRatio>> takers = await Rest.GetTakerRatioAsync(
                symbol, Period.FiveMinutes, null, null, limit, RequestPriority.Tick, cancellationToken);
            return takers.Rows.Select(row => MarketEvent.ForTakerRatio(row.Value, row.Time, takers.ReceiveTime));
        }

        Answer<Stamped<LongShortRatio>> ratios = await Rest.GetLongShortRatioAsync(
            symbol, (RatioKind)kind, Period.FiveMinutes, null, null, limit, RequestPriority.Tick, cancellationToken);
        return ratios.Rows.Select(row => MarketEvent.ForLongShortRatio(row.Value, row.Time, ratios.ReceiveTime));
    }

    private long Newest(Symbol symbol, int kind)
    {
        lock (_newest)
        {
            return _newest.GetValueOrDefault((symbol, kind));
        }
    }
}
