using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>
/// The 5-minute open-interest records: at a symbol's start as many as the features look back, then each new one soon
/// after its period ends, with those that were missed. How soon the exchange shows it is not documented, so a symbol is
/// asked again until its new record is there.
/// </summary>
internal sealed class OpenInterestHistoryPoller(RestSource rest, NodeOptions options, SymbolSet symbols, ILogger logger)
    : PollerActor(Feed.OpenInterestHistory, rest, symbols, logger)
{
    private const int PeriodMs = 300_000;
    private const int FreshMs = PeriodMs / 5;
    private const int FewestRecords = 3;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(20);

    private readonly Dictionary<Symbol, long> _newest = [];

    protected override async ValueTask<TimeSpan> PollAsync(CancellationToken cancellationToken)
    {
        // Records stamped with the period's start never reach "due"; after a while the next period is waited for.
        // Symbols start at any time, and one that was not answered is asked again.
        long due = TickGrid.AtOrBefore(Now(), PeriodMs);
        bool isFresh = Now() - due < FreshMs;
        SymbolEntry[] waiting = [.. Symbols.Entries.Where(
            entry => !entry.Gauges.IsConnected(Feed.OpenInterestHistory) || (isFresh && Newest(entry.Symbol) < due))];
        foreach (SymbolEntry[] batch in waiting.Chunk(options.RestBatchSize))
        {
            await Task.WhenAll(batch.Select(entry => AskAsync(entry, cancellationToken)));
        }

        TimeSpan next = TimeSpan.FromMilliseconds(due + PeriodMs + 3_000 - Now());
        return next < Retry ? next : Retry;
    }

    private async Task AskAsync(SymbolEntry entry, CancellationToken cancellationToken) =>
        await TryAsync(
            async () =>
            {
                long newest = Newest(entry.Symbol);

                // A request costs the same however many records it brings.
                long missed = newest == 0 ? HistoryNeeds.OpenInterestRecords : (Now() - newest) / PeriodMs + 1;
                int wanted = (int)Math.Clamp(missed, FewestRecords, BinanceRestClient.StatisticsPerPage);
                Answer<Stamped<OpenInterestRecord>> answer = await Rest.GetOpenInterestHistoryAsync(
                    entry.Symbol, Period.FiveMinutes, null, null, wanted, RequestPriority.Tick, cancellationToken);
                entry.Gauges.SetConnected(Feed.OpenInterestHistory, true);
                foreach (Stamped<OpenInterestRecord> record in answer.Rows.Where(record => record.Time > newest))
                {
                    await entry.TellAsync(
                        MarketEvent.ForOpenInterest(record.Value, record.Time, answer.ReceiveTime), cancellationToken);
                    newest = record.Time;
                }

                lock (_newest)
                {
                    _newest[entry.Symbol] = newest;
                }
            },
            [entry],
            cancellationToken);

    private long Newest(Symbol symbol)
    {
        lock (_newest)
        {
            return _newest.GetValueOrDefault(symbol);
        }
    }
}
