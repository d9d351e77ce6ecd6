namespace Feeds.Simulator.Markets;

/// <summary>
/// One aggregate trade of the venue. Prices and quantities are whole units of the symbol's last decimal.
/// </summary>
/// <param name="Id">Aggregate trade id (<c>a</c>), consecutive per symbol.</param>
/// <param name="Time">When the venue matched it (<c>T</c>), epoch ms.</param>
/// <param name="Price">Price in units of 10^−PriceDecimals.</param>
/// <param name="Quantity">Quantity in units of 10^−QuantityDecimals (<c>q</c>).</param>
/// <param name="QuantityWithoutRpi">The part of it that did not meet retail orders (<c>nq</c>), the same unit.</param>
/// <param name="FirstId">First raw trade id (<c>f</c>).</param>
/// <param name="LastId">Last raw trade id (<c>l</c>).</param>
/// <param name="BuyerIsMaker">True when the taker sold (<c>m</c>).</param>
public readonly record struct TradePrint(
    long Id, long Time, long Price, long Quantity, long QuantityWithoutRpi, long FirstId, long LastId,
        bool BuyerIsMaker)
{
    /// <summary>Returns the same trade under a lower number.</summary>
    internal TradePrint Renumbered(long by) => by == 0 ? this : this with { Id = Id - by };
}
