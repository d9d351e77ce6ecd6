using Feeds.Core.Coverage;
using Feeds.Core.Market;
using Feeds.Core.Symbols;

namespace Feeds.Engine.Symbols;

/// <summary>What an operator sees of a symbol actor.</summary>
/// <param name="Symbol">Which symbol.</param>
/// <param name="Sequence">Events applied.</param>
/// <param name="LastTickTime">The newest tick, epoch ms.</param>
/// <param name="Late">Events too late for their window.</param>
/// <param name="Duplicates">Messages dropped because they were known.</param>
/// <param name="Conflated">Books replaced in the mailbox.</param>
/// <param name="HighestTradeId">The highest trade id seen; −1 before the first.</param>
/// <param name="MissingTrades">Trade ids known to be missing.</param>
/// <param name="Feeds">Per feed: age of the newest event in ms and errors.</param>
/// <param name="Rejected">Refused messages by reason.</param>
/// <param name="Values">The newest values, whatever their age; unknown is NaN.</param>
/// <param name="Windows">The observed share of each window that features use, 0…1, at the newest tick.</param>
/// <param name="Down">Feeds whose connection is lost.</param>
/// <param name="LastRow">The newest row.</param>
/// <param name="Coverage">What was observed of each feed; null when no features are computed.</param>
public sealed record SymbolInspection(
    string Symbol,
    long Sequence,
    long LastTickTime,
    long Late,
    long Duplicates,
    long Conflated,
    long HighestTradeId,
    long MissingTrades,
    IReadOnlyDictionary<string, FeedInspection> Feeds,
    IReadOnlyDictionary<string, long> Rejected,
    IReadOnlyDictionary<string, double> Values,
    IReadOnlyDictionary<string, double> Windows,
    IReadOnlyList<string> Down,
    FeedRow? LastRow,
    SymbolCoverage? Coverage)
{
    internal static SymbolInspection Of(SymbolState state, SymbolEntry entry, long now)
    {
        SymbolGauges gauges = entry.Gauges;
        Dictionary<string, FeedInspection> feeds = new(StringComparer.Ordinal);
        for (int i = 0; i < FeedNames.Count; i++)
        {
            Feed feed = (Feed)i;
            long last = gauges.LastReceiveTime(feed);
            if (last > 0 || gauges.Errors(feed) > 0)
            {
                feeds[feed.Name()] = new FeedInspection(last == 0 ? null : now - last, gauges.Errors(feed));
            }
        }

        Dictionary<string, long> rejected = new(StringComparer.Ordinal);
        for (int i = (int)Admission.InvalidPrice; i < AdmissionReasons.Count; i++)
        {
            if (gauges.Count((Admission)i) is > 0 and var count)
            {
                rejected[((Admission)i).Reason()] = count;
            }
        }

        return new SymbolInspection(
            state.Symbol.Text,
            state.Sequence,
            state.LastTickTime,
            state.LateCount,
            state.DuplicateCount,
            state.ConflatedCount,
            state.TradeIds.Highest,
            state.TradeIds.MissingCount,
            feeds,
            rejected,
            state.Values(),
            state.Windows(),
            [.. Enum.GetValues<Feed>().Where(state.IsDown).Select(static feed => feed.Name())],
            gauges.LastRow,
            state.ReportCoverage());
    }
}
