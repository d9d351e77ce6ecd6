using Feeds.Core.Market;

namespace Feeds.Core.Symbols;

/// <summary>
/// From when a slow record could have been known: its stamp plus the lag of its kind, and not before it was received.
/// </summary>
public static class AvailableTime
{
    /// <summary>A bar is known this long after its end, ms.</summary>
    public const long BarLagMs = 2_000;

    /// <summary>A settlement is known this long after its slot, ms.</summary>
    public const long FundingLagMs = 60_000;

    /// <summary>True for the kinds that wait for their time.</summary>
    public static bool Waits(EventKind kind) => kind is EventKind.Bar or EventKind.ContextBar or EventKind.OpenInterest
        or EventKind.Funding or EventKind.LongShortRatio or EventKind.MarkBar or EventKind.IndexBar;

    /// <summary>
    /// Returns from when a record of a kind that waits is applied at ticks, epoch ms: not before it was received.
    /// </summary>
    public static long Of(in MarketEvent e) => Math.Max(Nominal(e, BarLagMs), e.ReceiveTime);

    /// <summary>
    /// Returns the same for rows of bars, epoch ms: a row at a bar's end has the bars that end there, however long they
    /// took.
    /// </summary>
    public static long AtBarEnd(in MarketEvent e) =>
        e.Kind is EventKind.Bar or EventKind.ContextBar or EventKind.MarkBar
        or EventKind.IndexBar ? Nominal(e, 0) : Math.Max(Nominal(e, 0), e.ReceiveTime);

    private static long Nominal(in MarketEvent e, long barLagMs) => e.Kind switch
    {
        EventKind.Bar => e.Bar.EndTime + barLagMs,
        EventKind.ContextBar => e.ContextBar.Bar.EndTime + barLagMs,
        EventKind.Funding => e.Funding.SlotTime + FundingLagMs,

        // It is not known whether the stamp is the period's start or end, so it counts as the start.
        EventKind.OpenInterest => e.EventTime + e.OpenInterest.PeriodMs,
        EventKind.LongShortRatio => e.EventTime + e.LongShortRatio.PeriodMs,
        _ => e.EventTime,
    };
}
