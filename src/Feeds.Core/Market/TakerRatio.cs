namespace Feeds.Core.Market;

/// <summary>Taker buy and sell volume over a period.</summary>
/// <param name="PeriodMs">Period in ms (300 000 for 5 m).</param>
/// <param name="BuySellRatio">Buy volume / sell volume, at least 0.</param>
/// <param name="BuyVolume">Base asset.</param>
/// <param name="SellVolume">Base asset.</param>
public sealed record TakerRatio(int PeriodMs, decimal BuySellRatio, decimal BuyVolume, decimal SellVolume);
