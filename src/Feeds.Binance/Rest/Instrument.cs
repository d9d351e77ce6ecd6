using Feeds.Core.Market;

namespace Feeds.Binance.Rest;

/// <summary>A listed instrument. Types and statuses are open sets, kept as the exchange writes them.</summary>
/// <param name="Symbol">Its symbol.</param>
/// <param name="Pair">The pair it is of; quarterly contracts share one.</param>
/// <param name="ContractType"><c>PERPETUAL</c>, <c>CURRENT_QUARTER</c>, <c>TRADIFI_PERPETUAL</c>, …</param>
/// <param name="Status"><c>PENDING_TRADING</c>, <c>TRADING</c>, <c>SETTLING</c>, …</param>
/// <param name="OnboardTime">When it was listed, epoch ms; a relisted symbol has a new one.</param>
/// <param name="DeliveryTime">When it settles, epoch ms.</param>
/// <param name="BaseAsset">What is traded, multipliers such as 1000 included.</param>
/// <param name="QuoteAsset">What prices are in.</param>
/// <param name="SettleAsset">What margin is paid in.</param>
/// <param name="UnderlyingType"><c>COIN</c>, <c>INDEX</c>, <c>EQUITY</c>, …; empty when not sent.</param>
/// <param name="TickSize">Smallest price step; null when not sent.</param>
/// <param name="StepSize">Smallest quantity step; null when not sent.</param>
public sealed record Instrument(
    Symbol Symbol,
    string Pair,
    string ContractType,
    string Status,
    long OnboardTime,
    long DeliveryTime,
    string BaseAsset,
    string QuoteAsset,
    string SettleAsset,
    string UnderlyingType,
    decimal? TickSize,
    decimal? StepSize)
{
    /// <summary>True when it is traded now.</summary>
    public bool IsTrading => Status == "TRADING";

    /// <summary>True for perpetual contracts on coins, the universe of the service.</summary>
    public bool IsCoinPerpetual => ContractType == "PERPETUAL" && UnderlyingType is ("COIN" or "");
}
