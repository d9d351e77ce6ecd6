using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>
/// Settled funding rates of all symbols, once a minute, paged from the newest settlement known; sooner when a symbol is
/// new here.
/// </summary>
internal sealed class FundingPoller(RestSource rest, SymbolSet symbols, ILogger logger)
    : PollerActor(Feed.Funding, rest, symbols, logger)
{
    // The longest interval is 8 h; a little more, so that every symbol's last settlement is in the first answer.
    private const long FirstReachMs = (8 * 60 + 10) * 60_000L;

    private const long PeriodMs = 60_000;

    // How soon a new symbol is noticed, and a question that failed is asked again.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    private long _asked;
    private long _from;

    protected override async ValueTask<TimeSpan> PollAsync(CancellationToken cancellationToken)
    {
        // Those that come while it is asked are new the next time: their settlements may be on a page that was read
        // before.
        IReadOnlyList<SymbolEntry> entries = Symbols.Entries;
        bool isNew = entries.Any(entry => !entry.Gauges.IsConnected(Feed.Funding));
        if (isNew || Now() - _asked >= PeriodMs)
        {
            _asked = Now();
            await TryAsync(() => AskAsync(entries, isNew, cancellationToken), entries, cancellationToken);
        }

        return Look;
    }

    private async ValueTask AskAsync(
        IReadOnlyList<SymbolEntry> entries, bool isNew, CancellationToken cancellationToken)
    {
        // A symbol that is new here may have been settled hours ago; and a poller that is new knows no settlement,
        // however long its symbols have been here.
        long from = isNew || _from == 0 ? Now() - FirstReachMs : _from;
        await foreach (Answer<FundingRow> page in Rest.GetAllFundingAsync(
            from, RequestPriority.Tick, cancellationToken))
        {
            foreach (FundingRow row in page.Rows)
            {
                if (Symbols.Find(row.Symbol) is { } entry)
                {
                    await entry.TellAsync(MarketEvent.ForFunding(row.Settlement, page.ReceiveTime), cancellationToken);
                }

                // Settlements of one slot appear one by one: the newest slot is asked for again, duplicates are
                // dropped.
                _from = Math.Max(_from, row.Settlement.SlotTime - 60_000);
            }
        }

        foreach (SymbolEntry entry in entries)
        {
            entry.Gauges.SetConnected(Feed.Funding, true);
        }
    }
}
