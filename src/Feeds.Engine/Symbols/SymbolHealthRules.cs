using Feeds.Core.Market;
using Feeds.Core.Symbols;

namespace Feeds.Engine.Symbols;

/// <summary>When a row tells of a symbol in good health.</summary>
public static class SymbolHealthRules
{
    /// <summary>
    /// True when every feed that the row needs was there: none of its provided columns is empty for want of fresh data.
    /// Empty columns that say "nothing happened" (no liquidation, no message in the latency mean) do not count.
    /// </summary>
    public static bool IsHealthy(FeedRow row, SymbolSettings settings) =>
        (!settings.Provides(Feed.OpenInterest) || !double.IsNaN(row.OpenInterest))
        && (!settings.Provides(Feed.Funding) || !double.IsNaN(row.FundingRate))
        && (!settings.Provides(Feed.Mark) || !double.IsNaN(row.Basis))
        && (!settings.Provides(Feed.Depth) || !double.IsNaN(row.ObiTop))
        && (!settings.Provides(Feed.Liquidations) || !double.IsNaN(row.LiqLongUsd));
}
