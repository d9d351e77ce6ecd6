using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>
/// The 5-minute open-interest records: the newest ones at the start, then each new one soon after its period ends. How soon the
/// exchange shows it is not documented, so a symbol is asked again until its new record is there.
/// </summary>
internal sealed class OpenInterestHistoryPoller(RestSource rest, NodeOptions options, SymbolSet symbols, ILogger logger)
    : PollerActor(Feed.OpenInterestHistory, rest, symbols, logger)
{
    private const int PeriodMs = 300_000;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(20);

    private readonly Dictionary<Symbol, long> _newest = [];

    protected override async ValueTask<TimeSpan> PollAsync(CancellationToken cancellationToken)
    {
        long due = TickGrid.AtOrBefore(Now(), PeriodMs);
        SymbolEntry[] waiting = [.. Symbols.Entries.Where(entry => _newest.GetValueOrDefault(entry.Symbol) < due)];
        foreach (SymbolEntry[] batch in waiting.Chunk(options.RestBatchSize))
        {
            await Task.WhenAll(batch.Select(entry => AskAsync(entry, cancellationToken)));
        }

        // Records stamped with the period's start never reach "due"; after a while the next period is waited for.
        bool missing = Symbols.Entries.Any(entry => _newest.GetValueOrDefault(entry.Symbol) < due);
        long sinceDue = Now() - due;
        return missing && sinceDue < PeriodMs / 5
            ? Retry
            : TimeSpan.FromMilliseconds(PeriodMs - sinceDue + 3_000);
    }

    private async Task AskAsync(SymbolEntry entry, CancellationToken cancellationToken) =>
        await TryAsync(
            async () =>
            {
                Answer<Stamped<OpenInterestRecord>> answer = await Rest.GetOpenInterestHistoryAsync(
                    entry.Symbol, Period.FiveMinutes, null, null, 3, RequestPriority.Tick, cancellationToken);
                entry.Gauges.SetConnected(Feed.OpenInterestHistory, true);
                long newest = Newest(entry.Symbol);
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
