using Feeds.Core.Market;

namespace Feeds.Tests.Engine;

/// <summary>
/// What a test keeps of an applied event: what tells it from others, and what it says of gaps and feeds.
/// </summary>
internal sealed record AppliedEvent(
    EventKind Kind, long Id, long EventTime, long ReceiveTime, bool IsFromStream, int Conflated, Gap? Gap, Feed? Feed,
    string? Reason,
    Symbol? Context)
{
    /// <summary>
    /// Returns what is kept; longer bars are of no kind here, and that all history was fetched is no gap.
    /// </summary>
    public static AppliedEvent Of(in MarketEvent e) => new(
        e.Kind == EventKind.Bar && e.Bar.IntervalMs != Bar.Minute ? EventKind.None : e.Kind,
        e.Kind switch
        {
            EventKind.Book => e.LastUpdateId,
            EventKind.Trade => e.TradeId,
            EventKind.Bar => e.Bar.OpenTime,
            _ => e.EventTime,
        },
        e.EventTime,
        e.ReceiveTime,
        e.IsFromStream,
        e.Kind == EventKind.Book ? e.Conflated : 0,
        e.Kind == EventKind.Gap && e.Gap.Reason != Gap.Fetched ? e.Gap : null,
        e.Kind is EventKind.FeedConnected or EventKind.FeedDisconnected or EventKind.SourceError ? e.Feed : null,
        e.Kind is EventKind.FeedDisconnected or EventKind.SourceError ? e.Reason : null,
        e.Kind == EventKind.ContextBar ? e.ContextBar.Symbol : null);
}
