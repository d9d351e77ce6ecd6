using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>
/// The exchange's list of contracts, at the start and then each hour: which symbols are traded. A watched symbol that is not traded
/// is inactive, which is a state and not an error.
/// </summary>
internal sealed class UniversePoller(RestSource rest, Universe universe, SymbolSet symbols, ILogger logger)
    : PollerActor(Feed.Contract, rest, symbols, logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger = logger;

    protected override async ValueTask<TimeSpan> PollAsync(CancellationToken cancellationToken)
    {
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
        return answered ? Period : Retry;
    }
}
