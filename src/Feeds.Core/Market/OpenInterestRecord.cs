namespace Feeds.Core.Market;

/// <summary>Open interest at a time.</summary>
/// <param name="PeriodMs">0 when polled as of now; else the period of the statistics in ms (300 000 for 5 m).</param>
/// <param name="OpenInterest">Contracts (base asset), at least 0.</param>
/// <param name="OpenInterestValue">Quote currency; null when the source does not say.</param>
public sealed record OpenInterestRecord(int PeriodMs, decimal OpenInterest, decimal? OpenInterestValue);
