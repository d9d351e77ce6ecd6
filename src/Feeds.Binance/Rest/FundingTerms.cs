using Feeds.Core.Market;

namespace Feeds.Binance.Rest;

/// <summary>
/// How a symbol's funding is settled now; symbols with the usual terms may be left out of the exchange's list.
/// </summary>
/// <param name="Symbol">Which symbol.</param>
/// <param name="IntervalHours">Hours between settlements, above 0.</param>
/// <param name="Cap">Highest rate, fraction per interval; null when not sent.</param>
/// <param name="Floor">Lowest rate, fraction per interval; null when not sent.</param>
/// <param name="UpdateTime">When the terms changed, epoch ms; null when not sent.</param>
public sealed record FundingTerms(Symbol Symbol, int IntervalHours, decimal? Cap, decimal? Floor, long? UpdateTime);
