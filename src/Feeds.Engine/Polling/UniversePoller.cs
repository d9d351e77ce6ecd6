using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>
/// The exchange's list of contracts, at the start, then each hour, and whenever the stream that tells of changes was
/// opened anew, as what changed meanwhile is not told again: which symbols are traded. A watched symbol that is not
/// traded is inactive, which is a state and not an error.
/// </summary>
internal sealed class UniversePoller(
    RestSource rest, Universe universe, SymbolSet symbols, Func<int> streamConnections, ILogger logger)
    : PollerActor(Feed.Contract, rest, symbols, logger)
{
    private const long PeriodMs = 3_600_000;
    private const long RetryMs = 60_000;

    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = logger;
    private int _connections;
    private long _dueTime;
    private long _retryTime;

    protected override async ValueTask<TimeSpan> PollAsync(CancellationToken cancellationToken)
    {
        int connections = streamConnections();
        long time = Now();
        if (time < _retryTime || (time < _dueTime && connections == _connections))
        {
            return LookPeriod;
        }

        bool answered = await TryAsync(
            async () =>
            {
                ExchangeListing listing = await Rest.GetExchangeListingAsync(RequestPriority.Tick, cancellationToken);
                bool first = !universe.IsKnown;
                Dictionary<Symbol, bool> before =
                    Symbols.Entries.ToDictionary(entry => entry.Symbol, entry => universe.IsTrading(entry.Symbol));
                IReadOnlySet<Symbol> relisted =
                    universe.Replace(listing.Instruments.Select(each => (each.Symbol, each.Status, each.OnboardTime)));
                foreach (SymbolEntry entry in Symbols.Entries)
                {
                    await universe.AnnounceAsync(
                        entry,
                        before.GetValueOrDefault(entry.Symbol, true) || first,
                        relisted.Contains(entry.Symbol),
                        _logger,
                        Now(),
                        cancellationToken);
                }
            },
            [],
            cancellationToken);
        _connections = answered ? connections : _connections;
        _dueTime = answered ? time + PeriodMs : time;
        _retryTime = answered ? 0 : time + RetryMs;
        return LookPeriod;
    }
}
