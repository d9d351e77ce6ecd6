namespace Feeds.Core.Market;

/// <summary>A funding rate that was settled.</summary>
/// <param name="FundingTime">The exchange's own time, epoch ms, with its jitter of some milliseconds.</param>
/// <param name="FundingRate">Fraction per funding interval (0.0001 = 1 bp); negative when shorts pay.</param>
/// <param name="MarkPrice">Quote currency; null in old records.</param>
public sealed record FundingSettlement(long FundingTime, decimal FundingRate, decimal? MarkPrice)
{
    /// <summary>The settlement slot: <see cref="FundingTime"/> rounded to the minute. The key of the record.</summary>
    // The raw time jitters (…00002, …00003), so the same settlement from two sources has two raw times.
    public long SlotTime => (FundingTime + 30_000) / 60_000 * 60_000;
}
