using Feeds.Core.Market;

namespace Feeds.Binance.Rest;

/// <summary>The premium index of a symbol.</summary>
/// <param name="Symbol">Which symbol.</param>
/// <param name="Time">The exchange's stamp, epoch ms.</param>
/// <param name="MarkPrice">Quote currency.</param>
/// <param name="IndexPrice">Quote currency.</param>
/// <param name="PredictedFundingRate">
/// The running estimate for the next settlement (sent as <c>lastFundingRate</c>), fraction per interval; NaN when
/// empty.
/// </param>
/// <param name="NextFundingTime">Epoch ms; 0 when there is none.</param>
public sealed record PremiumRow(
    Symbol Symbol, long Time, double MarkPrice, double IndexPrice, double PredictedFundingRate, long NextFundingTime)
{
    /// <summary>Returns the event for the symbol's actor.</summary>
    public MarketEvent ToEvent(long receiveTime) =>
        MarketEvent.ForPremium(Time, receiveTime, MarkPrice, IndexPrice, PredictedFundingRate, NextFundingTime);
}
