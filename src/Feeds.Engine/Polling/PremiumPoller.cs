using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>
/// The premium index of all symbols in one call: each minute, and ahead of each tick while a symbol's mark stream is
/// stale.
/// </summary>
internal sealed class PremiumPoller(RestSource rest, NodeOptions options, SymbolSet symbols, ILogger logger)
    : PollerActor(Feed.Premium, rest, symbols, logger)
{
    // So much ahead of the tick the question goes out, at most a third of the interval.
    private const long HeadStartMs = 2_000;
    private const long QuietPeriodMs = 60_000;

    private long _lastAsked;

    protected override async ValueTask<TimeSpan> PollAsync(CancellationToken cancellationToken)
    {
        long now = Now();
        if (now - _lastAsked >= QuietPeriodMs || Symbols.Entries.Any(entry => IsMarkStale(entry, now)))
        {
            _lastAsked = now;
            await TryAsync(() => AskAsync(cancellationToken), Symbols.Entries, cancellationToken);
        }

        return UntilNextHeadStart();
    }

    private bool IsMarkStale(SymbolEntry entry, long now) =>
        options.Basis != Provider.BinanceRest
            ? now - entry.Gauges.LastReceiveTime(Feed.Mark) > FreshnessLimits.MarkMs / 2
            : true;

    private async ValueTask AskAsync(CancellationToken cancellationToken)
    {
        Answer<PremiumRow> all = await Rest.GetPremiumAsync(RequestPriority.Tick, cancellationToken);
        foreach (PremiumRow premium in all.Rows)
        {
            if (Symbols.Find(premium.Symbol) is { } entry)
            {
                entry.Gauges.SetConnected(Feed.Premium, true);
                await entry.TellAsync(premium.ToEvent(all.ReceiveTime), cancellationToken);
            }
        }
    }

    private TimeSpan UntilNextHeadStart()
    {
        long intervalMs = (long)options.Interval.TotalMilliseconds;
        long headStart = Math.Min(HeadStartMs, intervalMs / 3);
        long now = Now();
        long next = TickGrid.Next(now + headStart, intervalMs) - headStart;
        return TimeSpan.FromMilliseconds(Math.Max(1, next - now));
    }
}
