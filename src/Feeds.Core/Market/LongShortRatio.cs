namespace Feeds.Core.Market;

/// <summary>A long/short ratio over a period.</summary>
/// <param name="Kind">Accounts or positions, and of whom.</param>
/// <param name="PeriodMs">Period in ms (300 000 for 5 m).</param>
/// <param name="Ratio">Longs / shorts, at least 0.</param>
/// <param name="LongShare">Share of longs, 0…1.</param>
/// <param name="ShortShare">Share of shorts, 0…1.</param>
public sealed record LongShortRatio(RatioKind Kind, int PeriodMs, decimal Ratio, decimal LongShare, decimal ShortShare);
