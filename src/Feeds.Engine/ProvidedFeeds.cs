using Feeds.Core.Market;

namespace Feeds.Engine;

/// <summary>Which feeds the providers of the configuration amount to.</summary>
internal static class ProvidedFeeds
{
    /// <summary>Returns them as the bits of <see cref="SymbolSettings.Feeds"/>.</summary>
    public static int Of(NodeOptions options)
    {
        int feeds = SymbolSettings.AllFeeds;
        feeds = Without(feeds, options.Depth, Feed.Depth);
        feeds = Without(feeds, options.OpenInterest, Feed.OpenInterest);
        feeds = Without(feeds, options.OpenInterest, Feed.OpenInterestHistory);
        feeds = Without(feeds, options.Funding, Feed.Funding);
        feeds = Without(feeds, options.Liquidations, Feed.Liquidations);
        feeds = Without(feeds, options.Basis, Feed.Premium);

        // Basis by REST alone: there is no mark stream to be stale.
        return options.Basis is Provider.BinanceRest
            ? Without(feeds, Provider.Off, Feed.Mark) : Without(feeds, options.Basis, Feed.Mark);
    }

    private static int Without(int feeds, Provider provider, Feed feed) =>
        provider == Provider.Off ? feeds & ~(1 << (int)feed) : feeds;
}
