namespace Feeds.Simulator.Markets;

/// <summary>
/// One forced order of the venue. Prices and quantities are whole units of the symbol's last decimal.
/// </summary>
/// <param name="Time">When it was filled (<c>T</c>), epoch ms.</param>
/// <param name="IsSell">True for SELL: a long position was closed.</param>
/// <param name="Quantity">Quantity, all of it filled (<c>q</c>, <c>l</c>, <c>z</c>).</param>
/// <param name="Price">Price of the order, the bankruptcy side (<c>p</c>).</param>
/// <param name="AveragePrice">Price achieved (<c>ap</c>).</param>
public readonly record struct LiquidationPrint(long Time, bool IsSell, long Quantity, long Price, long AveragePrice);
