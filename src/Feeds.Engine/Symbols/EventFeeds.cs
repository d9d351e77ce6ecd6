using Feeds.Core.Market;

namespace Feeds.Engine.Symbols;

/// <summary>Which feed an event is of.</summary>
public static class EventFeeds
{
    /// <summary>Returns the feed whose data the event is; null for ticks and other facts of the node.</summary>
    public static Feed? Of(in MarketEvent e) => e.Kind switch
    {
        EventKind.Book => Feed.Depth,
        EventKind.Quote => Feed.Quotes,
        EventKind.Trade => Feed.Trades,
        EventKind.Mark => Feed.Mark,
        EventKind.Bar => Feed.Bars,
        EventKind.Liquidation => Feed.Liquidations,
        EventKind.OpenInterest => e.OpenInterest.PeriodMs == 0 ? Feed.OpenInterest : Feed.OpenInterestHistory,
        EventKind.Funding => Feed.Funding,
        EventKind.Premium => Feed.Premium,
        EventKind.LongShortRatio or EventKind.TakerRatio => Feed.Ratios,
        EventKind.ClockOffset => Feed.Clock,
        _ => null,
    };
}
