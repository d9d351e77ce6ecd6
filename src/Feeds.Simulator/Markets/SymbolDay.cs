namespace Feeds.Simulator.Markets;

/// <summary>One day of a symbol's generated market.</summary>
/// <param name="Log">Log price relative to the base price at each minute's start and at the day's end: 1441.</param>
/// <param name="Sigma">Standard deviation of the log price within each of the 1440 minutes.</param>
/// <param name="Burst">How lively each minute is; 1 is usual.</param>
/// <param name="TradesBefore">Aggregate trades of the day before each minute, and of the whole day: 1441.</param>
internal sealed record SymbolDay(double[] Log, float[] Sigma, float[] Burst, int[] TradesBefore);
