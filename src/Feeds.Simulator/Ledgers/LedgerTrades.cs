namespace Feeds.Simulator.Ledgers;

/// <summary>Trades of a market, a range of ids without a hole.</summary>
/// <param name="FirstId">The first <c>a</c>.</param>
/// <param name="LastId">The last <c>a</c>.</param>
/// <param name="FirstTime">Time of the first, epoch ms.</param>
/// <param name="LastTime">Time of the last, epoch ms.</param>
public readonly record struct LedgerTrades(long FirstId, long LastId, long FirstTime, long LastTime);
