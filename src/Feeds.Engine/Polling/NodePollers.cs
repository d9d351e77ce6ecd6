using Feeds.Actors;
using Feeds.Actors.Supervision;
using Feeds.Engine.Books;
using Feeds.Engine.Context;
using Feeds.Engine.Symbols;
using Feeds.Engine.WarmUp;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>Which REST sources a node polls, by the names of their actors.</summary>
internal static class NodePollers
{
    /// <summary>Returns the recipes of the pollers whose feeds are not switched off.</summary>
    public static IReadOnlyList<(string Name, Props<PollerActor.Poll> Props)> Of(
        NodeOptions options,
        RestSource rest,
        ClockGauge clock,
        Universe universe,
        SymbolSet symbols,
        ContextFeed context,
        CertifiedBooks books,
        Func<int> contractConnections,
        ILogger logger)
    {
        List<(string Name, Props<PollerActor.Poll> Props)> pollers = [];
        void Add(string name, Provider provider, Func<PollerActor> make)
        {
            if (provider != Provider.Off)
            {
                pollers.Add((name, new Props<PollerActor.Poll>(make) { Supervision = SupervisorStrategy.Default }));
            }
        }

        Add("universe", Provider.Auto, () => new UniversePoller(rest, universe, symbols, contractConnections, logger));
        Add("clock", Provider.Auto, () => new ClockPoller(rest, clock, symbols, logger));
        Add("open-interest", options.OpenInterest, () => new OpenInterestPoller(rest, options, symbols, logger));
        Add("open-interest-history", options.OpenInterest,
            () => new OpenInterestHistoryPoller(rest, options, symbols, logger));
        Add("funding", options.Funding, () => new FundingPoller(rest, symbols, logger));
        Add("premium", options.Basis, () => new PremiumPoller(rest, options, symbols, logger));
        Add("bars", Provider.Auto, () => new BarPoller(rest, options, symbols, universe, context, logger));
        Add(
            "warm-up",
            options.Features ? Provider.Auto : Provider.Off,
            () => new WarmUpActor(rest, options, symbols, universe, context, logger));
        Add("trade-gaps", Provider.Auto, () => new TradeGapPoller(rest, options, symbols, logger));
        Add(
            "books",
            options.CertifiedBook ? options.Depth : Provider.Off,
            () => new BookPoller(rest, options, books, symbols, logger));
        Add("ratios", Provider.Auto, () => new RatioPoller(rest, options, symbols, logger));
        return pollers;
    }
}
