using System.Globalization;
using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Engine.Context;
using Feeds.Engine.Polling;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.WarmUp;

/// <summary>
/// Fetches what the features of a symbol lack of the past: all of it for a symbol that is new, the hole for one that
/// comes back. What comes enters the symbol's journal as any other event does, and a last one says that this was all;
/// until then its bars wait. In priority it is behind ticks and gaps.
/// </summary>
internal sealed class WarmUpActor(
    RestSource rest, NodeOptions options, SymbolSet symbols, Universe universe, ContextFeed context, ILogger logger)
    : PollerActor(Feed.Bars, rest, symbols, logger, ownsFeed: false)
{
    private const long RetryMs = 20_000;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(1);

    private readonly ILogger _logger = logger;
    private readonly HashSet<SymbolEntry> _warm = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Symbol> _warmContext = [];
    private readonly Dictionary<Symbol, long> _notBefore = [];
    private long _requests;
    private long _bars;
    private long _failures;
    private long _startTime;

    protected override async ValueTask<TimeSpan> PollAsync(CancellationToken cancellationToken)
    {
        long now = Now();
        IReadOnlyList<SymbolEntry> entries = Symbols.Entries;
        _warm.IntersectWith(entries);
        List<SymbolEntry> cold = [.. entries.Where(entry => !_warm.Contains(entry) && entry.Gauges.Sequence > 0)];
        if (cold.Count == 0)
        {
            Done(now);
            return Idle;
        }

        Begin(cold, now);
        Symbol[] others = [.. context.Bars.Symbols.Where(each => !_warmContext.Contains(each) && IsDue(each, now)).Take(
            options.RestBatchSize)];
        if (others.Length > 0)
        {
            long from = cold.Min(static entry => entry.Gauges.BarEnd(0));
            bool[] told = await Task.WhenAll(
                others.Select(each => WarmContextAsync(each, from, now, cancellationToken)));
            _warmContext.UnionWith(others.Where((each, i) => Note(each, told[i])));
            return Busy;
        }

        SymbolEntry[] batch = [.. cold.Where(entry => IsDue(entry.Symbol, now)).Take(options.RestBatchSize)];
        bool[] warmed = await Task.WhenAll(batch.Select(entry => WarmAsync(entry, now, cancellationToken)));
        _warm.UnionWith(batch.Where((entry, i) => Note(entry.Symbol, warmed[i])));
        return batch.Length > 0 ? Busy : Idle;
    }

    protected override object Inspect() => new WarmUpInspection(
        _warm.Count,
        Symbols.Entries.Count - _warm.Count,
        _requests,
        _requests * BinanceRestClient.BarsPageWeight,
        _bars,
        _failures);

    private void Begin(List<SymbolEntry> cold, long now)
    {
        if (_startTime > 0)
        {
            return;
        }

        _startTime = now;
        int requests = cold.Sum(entry => PlanOf(entry, now).Sum(static stretch => stretch.Requests));
        Log.WarmUpBegins(_logger, cold.Count, requests, requests * BinanceRestClient.BarsPageWeight);
    }

    private void Done(long now)
    {
        if (_startTime == 0)
        {
            return;
        }

        Log.WarmUpDone(
            _logger, _warm.Count, _bars, _requests, _requests * BinanceRestClient.BarsPageWeight,
            (now - _startTime) / 1000.0);
        _startTime = 0;
    }

    private bool IsDue(Symbol symbol, long now) =>
        _notBefore.GetValueOrDefault(symbol) <= now && universe.IsTrading(symbol);

    private bool Note(Symbol symbol, bool isWarm)
    {
        if (!isWarm)
        {
            _failures++;
            _notBefore[symbol] = Now() + RetryMs;
        }

        return isWarm;
    }

    private static IReadOnlyList<WarmUpStretch> PlanOf(SymbolEntry entry, long now) =>
        WarmUpPlan.Of([.. HistoryNeeds.Bars.Select((_, i) => entry.Gauges.BarEnd(i))], now);

    // The minutes of a symbol that others are compared with, watched or not; who knows one already passes over it.
    private async Task<bool> WarmContextAsync(
        Symbol symbol, long knownUntil, long now, CancellationToken cancellationToken)
    {
        BarNeed need = HistoryNeeds.Bars[0];
        WarmUpStretch stretch = new(
            Period.OneMinute, Math.Max(knownUntil, WarmUpPlan.Begin(need, now)),
            TickGrid.AtOrBefore(now, need.LengthMs));
        if (await FetchAsync(symbol, [stretch], cancellationToken) is not { } pages)
        {
            return false;
        }

        foreach (Answer<Bar> page in pages)
        {
            foreach (Bar bar in page.Rows)
            {
                await context.TellAsync(symbol, bar, page.ReceiveTime, cancellationToken);
            }
        }

        return true;
    }

    private async Task<bool> WarmAsync(SymbolEntry entry, long now, CancellationToken cancellationToken)
    {
        if (await FetchAsync(entry.Symbol, PlanOf(entry, now), cancellationToken) is not { } pages)
        {
            return false;
        }

        long from = TickGrid.AtOrBefore(now, Bar.Minute);
        long to = 0;
        foreach (Answer<Bar> page in pages)
        {
            foreach (Bar bar in page.Rows)
            {
                await entry.TellAsync(
                    MarketEvent.ForBar(bar, bar.EndTime, page.ReceiveTime, isFromStream: false), cancellationToken);
                from = bar.IntervalMs == Bar.Minute ? Math.Min(from, bar.OpenTime) : from;
                to = Math.Max(to, bar.EndTime);
            }
        }

        // Of a symbol without any bar it is said too: it begins with its first one.
        Gap fetched = new(Feed.Bars, 0, 0, from, Math.Max(from, to), Gap.Fetched);
        await entry.TellAsync(MarketEvent.ForGap(fetched, Now()), cancellationToken);
        Log.WarmedUp(
            _logger,
            entry.Symbol.Text,
            pages.Sum(static page => page.Rows.Count),
            DateTimeOffset.FromUnixTimeMilliseconds(from).ToString("u", CultureInfo.InvariantCulture),
            pages.Count,
            pages.Count * BinanceRestClient.BarsPageWeight);
        return true;
    }

    // All pages or none: told of a part, the symbol would begin with it. Null when one was not answered; rows do not
    // name that, as the feed itself is well and what lacks its past is NaN.
    private async Task<List<Answer<Bar>>?> FetchAsync(
        Symbol symbol, IReadOnlyList<WarmUpStretch> stretches, CancellationToken cancellationToken)
    {
        List<Answer<Bar>> pages = [];
        bool answered = await TryAsync(
            async () =>
            {
                foreach (WarmUpStretch stretch in stretches)
                {
                    await foreach (Answer<Bar> page in Rest.GetAllBarsAsync(
                        symbol, BarSource.Trades, stretch.Period, stretch.FromTime, stretch.ToTime,
                        RequestPriority.WarmUp, cancellationToken))
                    {
                        pages.Add(page);
                    }
                }
            },
            [],
            cancellationToken);
        Interlocked.Add(ref _requests, pages.Count);
        Interlocked.Add(ref _bars, pages.Sum(static page => page.Rows.Count));
        return answered ? pages : null;
    }
}
