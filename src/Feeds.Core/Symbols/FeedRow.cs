using Feeds.Core.Market;

namespace Feeds.Core.Symbols;

/// <summary>The 12-column row of one symbol at one tick. Unknown is NaN.</summary>
/// <param name="TickTime">Epoch ms, on the tick grid.</param>
/// <param name="Symbol">Whose row.</param>
/// <param name="OpenInterest">Contracts (base asset).</param>
/// <param name="OpenInterestPct">100·(ln OI_t − ln OI_{t−1}) over the two newest 5-minute records: percent.</param>
/// <param name="FundingRate">Last settled, fraction per interval.</param>
/// <param name="Basis">(mark − index) / index, fraction.</param>
/// <param name="LiqLongUsd">
/// Longs liquidated in the last 5 min, USD; a lower bound, as the exchange publishes a sample.
/// </param>
/// <param name="LiqShortUsd">Shorts liquidated, likewise.</param>
/// <param name="LiqRatio">(short − long) / (short + long), −1…1; NaN when both are 0.</param>
/// <param name="ObiTop">EMA(5) of the imbalance of the best levels, 0…1.</param>
/// <param name="LatencyMs">
/// Mean of receive − event time since the last tick, by the exchange's clock; NaN without messages.
/// </param>
/// <param name="SourceErrors">
/// <c>feed:reason</c>, each once, sorted, separated by <c>;</c>; empty when all is well.
/// </param>
public sealed record FeedRow(
    long TickTime,
    Symbol Symbol,
    double OpenInterest,
    double OpenInterestPct,
    double FundingRate,
    double Basis,
    double LiqLongUsd,
    double LiqShortUsd,
    double LiqRatio,
    double ObiTop,
    double LatencyMs,
    string SourceErrors);
