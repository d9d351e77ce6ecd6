namespace Feeds.Simulator.Markets;

/// <summary>Mark and index price at a second. Prices are quote currency × 10^8, the venue's eight decimals.</summary>
/// <param name="Time">The second, epoch ms.</param>
/// <param name="Mark">Mark price, × 10^8.</param>
/// <param name="Index">Index price, × 10^8.</param>
/// <param name="MarkAverage">Moving average of the mark price (<c>ap</c>), × 10^8.</param>
/// <param name="EstimatedSettle">Estimated settlement price (<c>P</c>), × 10^8.</param>
/// <param name="PredictedRate">Rate predicted for the next settlement, × 10^8.</param>
/// <param name="NextFundingTime">When that settlement is, epoch ms.</param>
public readonly record struct MarkPoint(
    long Time, long Mark, long Index, long MarkAverage, long EstimatedSettle, long PredictedRate, long NextFundingTime);
