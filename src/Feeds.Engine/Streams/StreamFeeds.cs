using Feeds.Binance.Wire;
using Feeds.Core.Market;

namespace Feeds.Engine.Streams;

/// <summary>Which feed a stream carries.</summary>
internal static class StreamFeeds
{
    /// <summary>Returns the feed; null for a stream that carries none.</summary>
    public static Feed? Of(StreamKind kind) => kind switch
    {
        StreamKind.PartialDepth or StreamKind.DiffDepth => Feed.Depth,
        StreamKind.Quotes => Feed.Quotes,
        StreamKind.Trades => Feed.Trades,
        StreamKind.Mark => Feed.Mark,
        StreamKind.Bars => Feed.Bars,
        StreamKind.Liquidations => Feed.Liquidations,
        _ => null,
    };

    /// <summary>
    /// True for a feed that the exchange does not tell again: what was not received stays a declared gap.
    /// </summary>
    public static bool IsLostForGood(Feed feed) => feed is Feed.Depth or Feed.Quotes or Feed.Mark or Feed.Liquidations;
}
