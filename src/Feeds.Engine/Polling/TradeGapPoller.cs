using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>
/// Fills holes in the numbering of trades from REST, in the background and behind what ticks need. What the exchange
/// does not give again (older than 48 hours, or left out of its answers) is declared to the symbol as a gap, once.
/// After an outage the end is looked at too, where a symbol that trades rarely shows no hole yet.
/// </summary>
internal sealed class TradeGapPoller(RestSource rest, NodeOptions options, SymbolSet symbols, ILogger logger)
    : PollerActor(Feed.Trades, rest, symbols, logger, ownsFeed: false)
{
    // A message that is only late fills its hole by itself.
    private const long PatienceMs = 2_000;
    private const long TailPatienceMs = 15_000;
    private const long FirstPauseMs = 5_000;
    private const long LongestPauseMs = 60_000;

    // Pages of one symbol in a row; then the others have their turn.
    private const int PagesPerTurn = 10;

    // An answer that leaves ids out may be one of a server that lags; a second one is believed.
    private const int AnswersToBelieve = 2;

    // Later trades are known, so an answer with nothing at all from a missing one on is wrong. Some minutes of such are
    // believed.
    private const int EmptyAnswersToBelieve = 10;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;
    private readonly Dictionary<Symbol, TradeRepair> _repairs = [];

    protected override async ValueTask<TimeSpan> PollAsync(CancellationToken cancellationToken)
    {
        long now = Now();
        List<(SymbolEntry Entry, TradeRepair Repair)> due = [];
        foreach (SymbolEntry entry in Symbols.Entries)
        {
            if (!_repairs.TryGetValue(entry.Symbol, out TradeRepair? repair))
            {
                _repairs[entry.Symbol] = repair = new TradeRepair();
            }

            if (repair.IsDue(entry.Gauges, now, PatienceMs, TailPatienceMs))
            {
                due.Add((entry, repair));
            }
        }

        foreach ((SymbolEntry Entry, TradeRepair Repair)[] batch in due.Chunk(options.RestBatchSize))
        {
            // The symbols of a long round may have gone since it began.
            await Task.WhenAll(batch.Where(each => Symbols.Find(each.Entry.Symbol) == each.Entry)
                .Select(each => RepairAsync(each.Entry, each.Repair, cancellationToken)));
        }

        return Period;
    }

    private async Task RepairAsync(SymbolEntry entry, TradeRepair repair, CancellationToken cancellationToken)
    {
        bool answered = await TryAsync(() => AskAsync(entry, repair, cancellationToken), [], cancellationToken);
        repair.Failures = answered ? 0 : repair.Failures + 1;
        repair.NextTime = Now()
            + (answered ? FirstPauseMs : Math.Min(FirstPauseMs << Math.Min(repair.Failures, 8), LongestPauseMs));
    }

    private async ValueTask AskAsync(SymbolEntry entry, TradeRepair repair, CancellationToken cancellationToken)
    {
        List<(long From, long To)> open = repair.Open(entry.Gauges.MissingTrades);
        if (open.Count == 0)
        {
            long tailFrom = entry.Gauges.HighestTradeId + 1;
            Answer<MarketEvent> tail = await Rest.GetTradesFromIdAsync(
                entry.Symbol, tailFrom, RequestPriority.Gap, cancellationToken);
            await TellAsync(entry, tail, [(tailFrom, long.MaxValue)], cancellationToken);
            repair.TailDone();
            return;
        }

        for (int page = 0; page < PagesPerTurn && open.Count > 0; page++)
        {
            long from = open[0].From;
            long reached;
            try
            {
                Answer<MarketEvent> answer =
                    await Rest.GetTradesFromIdAsync(entry.Symbol, from, RequestPriority.Gap, cancellationToken);
                if (answer.Rows.Count == 0)
                {
                    if (!repair.Believe(from, EmptyAnswersToBelieve))
                    {
                        throw new BinanceAnswerException(
                            "/fapi/v1/aggTrades",
                            $"answered nothing from {from} on, though {entry.Gauges.HighestTradeId} was traded");
                    }

                    reached = open[0].To;
                    await DeclareAsync(entry, repair, from, reached, "not_served", cancellationToken);
                }
                else
                {
                    reached = await TellAsync(entry, answer, open, cancellationToken);
                    await DeclareLeftOutAsync(entry, repair, answer, open, reached, cancellationToken);
                }
            }
            catch (BinanceApiException failure) when (failure.Code == BinanceApiException.TradesTooOld)
            {
                reached = await SkipOldAsync(entry, repair, from, open[0].To, cancellationToken) - 1;
            }
            catch (BinanceApiException failure) when (failure.Code == BinanceApiException.InvalidSymbol)
            {
                reached = open[0].To;
                await DeclareAsync(entry, repair, from, reached, "not_served", cancellationToken);
            }

            open = [.. open.Where(range => range.To > reached).Select(
                range => (Math.Max(range.From, reached + 1), range.To))];
        }
    }

    // Tells what is missing; returns the highest id of the answer.
    private async ValueTask<long> TellAsync(
        SymbolEntry entry, Answer<MarketEvent> answer, List<(long From, long To)> open,
        CancellationToken cancellationToken)
    {
        int count = 0;
        long reached = open[0].From - 1;
        long first = 0;
        long last = 0;
        int at = 0;
        foreach (MarketEvent trade in answer.Rows)
        {
            reached = Math.Max(reached, trade.TradeId);
            while (at < open.Count && open[at].To < trade.TradeId)
            {
                at++;
            }

            if (at < open.Count && trade.TradeId >= open[at].From)
            {
                first = count++ == 0 ? trade.TradeId : first;
                last = trade.TradeId;
                await entry.TellAsync(trade, cancellationToken);
            }
        }

        if (count > 0)
        {
            Log.TradesFilled(_logger, entry.Symbol.Text, count, first, last);
        }

        return reached;
    }

    // Missing ids inside the answer's reach that are not in the answer.
    private async ValueTask DeclareLeftOutAsync(
        SymbolEntry entry,
        TradeRepair repair,
        Answer<MarketEvent> answer,
        List<(long From, long To)> open,
        long reached,
        CancellationToken cancellationToken)
    {
        HashSet<long> served = [.. answer.Rows.Select(static trade => trade.TradeId)];
        foreach ((long from, long to) in open.TakeWhile(range => range.From <= reached))
        {
            long start = -1;
            long end = Math.Min(to, reached);
            for (long id = from; id <= end + 1; id++)
            {
                bool isLeftOut = id <= end && !served.Contains(id);
                if (isLeftOut && start < 0)
                {
                    start = id;
                }
                else if (!isLeftOut && start >= 0)
                {
                    if (repair.Believe(start, AnswersToBelieve))
                    {
                        await DeclareAsync(entry, repair, start, id - 1, "not_served", cancellationToken);
                    }

                    start = -1;
                }
            }
        }
    }

    // The exchange keeps 48 hours: what lies before the first trade that it still has is gone.
    private async ValueTask<long> SkipOldAsync(
        SymbolEntry entry, TradeRepair repair, long from, long to, CancellationToken cancellationToken)
    {
        long start = Now() - (48 * 3_600_000L) + 300_000;
        Answer<MarketEvent> oldest = await Rest.GetTradesByTimeAsync(
            entry.Symbol, start, start + 3_600_000, RequestPriority.Gap, cancellationToken);
        long first = oldest.Rows.Count == 0 ? to + 1 : Math.Clamp(oldest.Rows[0].TradeId, from + 1, to + 1);
        await DeclareAsync(entry, repair, from, first - 1, "too_old", cancellationToken);
        return first;
    }

    private async ValueTask DeclareAsync(
        SymbolEntry entry, TradeRepair repair, long from, long to, string reason, CancellationToken cancellationToken)
    {
        repair.Declare(from, to);
        Log.TradesMissing(_logger, entry.Symbol.Text, from, to, reason);
        await entry.TellAsync(
            MarketEvent.ForGap(new Gap(Feed.Trades, from, to, 0, 0, reason), Now()), cancellationToken);
    }
}
