using Feeds.Core.Books;

namespace Feeds.Binance.Rest;

/// <summary>
/// A whole order book down to a horizon. What lies beyond the last level of a side is unknown, not empty.
/// </summary>
/// <param name="LastUpdateId">The update id it stands at.</param>
/// <param name="EventTime">The matching engine's time, epoch ms; 0 when not sent.</param>
/// <param name="ReceiveTime">Our clock, epoch ms.</param>
/// <param name="Bids">Best first.</param>
/// <param name="Asks">Best first.</param>
public sealed record BookSnapshot(
    long LastUpdateId, long EventTime, long ReceiveTime, IReadOnlyList<PriceLevel> Bids,
    IReadOnlyList<PriceLevel> Asks);
