using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>Settled funding rates of all symbols, once a minute, paged from the newest settlement known.</summary>
internal sealed class FundingPoller(RestSource rest, SymbolSet symbols, ILogger logger)
    : PollerActor(Feed.Funding, rest, symbols, logger)
{
    // The longest interval is 8 h; a little more, so that every symbol's last settlement is in the first answer.
    private const long FirstReachMs = (8 * 60 + 10) * 60_000L;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly HashSet<Symbol> _served = [];
    private long _from;

    protected override async ValueTask<TimeSpan> PollAsync(CancellationToken cancellationToken)
    {
        await TryAsync(
            async () =>
            {
                long now = Now();

                // A symbol that is new here may have been settled hours ago.
                bool isNew = Symbols.Entries.Any(entry => !_served.Contains(entry.Symbol));
                long from = isNew ? now - FirstReachMs : _from;
                await foreach (Answer<FundingRow> page in Rest.GetAllFundingAsync(from, RequestPriority.Tick, cancellationToken))
                {
                    foreach (FundingRow row in page.Rows)
                    {
                        if (Symbols.Find(row.Symbol) is { } entry)
                        {
                            await entry.TellAsync(MarketEvent.ForFunding(row.Settlement, page.ReceiveTime), cancellationToken);
                        }

                        // Settlements of one slot appear one by one: the newest slot is asked for again, duplicates are dropped.
                        _from = Math.Max(_from, row.Settlement.SlotTime - 60_000);
                    }
                }

                foreach (SymbolEntry entry in Symbols.Entries)
                {
                    entry.Gauges.SetConnected(Feed.Funding, true);
                    _served.Add(entry.Symbol);
                }
            },
            Symbols.Entries,
            cancellationToken);
        return Period;
    }
}
