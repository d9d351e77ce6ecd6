using Feeds.Core.Market;

namespace Feeds.Binance.Rest;

/// <summary>A settled funding rate and whose it is.</summary>
/// <param name="Symbol">Which symbol.</param>
/// <param name="Settlement">The settlement.</param>
/// <param name="RateType">Open set, such as <c>Regular</c>; empty when not sent.</param>
public sealed record FundingRow(Symbol Symbol, FundingSettlement Settlement, string RateType);
