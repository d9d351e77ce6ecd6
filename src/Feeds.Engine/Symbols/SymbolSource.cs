using Feeds.Core.Market;

namespace Feeds.Engine.Symbols;

/// <summary>
/// How sources tell symbols: one place for "to this one" and "to all", and for feeds that connect and disconnect.
/// </summary>
internal static class SymbolSource
{
    /// <summary>Tells a symbol an event and waits for room.</summary>
    public static async ValueTask TellAsync(
        this SymbolEntry entry, MarketEvent e, CancellationToken cancellationToken) =>
        await entry.Actor.TellAsync(new SymbolMessage(e), cancellationToken);

    /// <summary>Marks a feed as received, and tells the symbol when it was not before.</summary>
    public static async ValueTask ConnectedAsync(
        this SymbolEntry entry, Feed feed, long now, CancellationToken cancellationToken)
    {
        if (!entry.Gauges.IsConnected(feed))
        {
            entry.Gauges.SetConnected(feed, true);
            await entry.TellAsync(MarketEvent.ForFeedConnected(feed, now), cancellationToken);
        }
    }

    /// <summary>Marks a feed as lost, and tells the symbol when it was received before.</summary>
    public static async ValueTask DisconnectedAsync(
        this SymbolEntry entry, Feed feed, string reason, long now, CancellationToken cancellationToken)
    {
        if (entry.Gauges.IsConnected(feed))
        {
            entry.Gauges.SetConnected(feed, false);
            await entry.TellAsync(MarketEvent.ForFeedDisconnected(feed, reason, now), cancellationToken);
        }
    }
}
