using Feeds.Core.Market;

namespace Feeds.Core.Coverage;

/// <summary>What was observed of a feed of one symbol, as of a time.</summary>
/// <param name="Feed">Which feed.</param>
/// <param name="BeginTime">Since when it is observed, epoch ms; 0 when it never was.</param>
/// <param name="EndTime">Where its windows end, epoch ms.</param>
/// <param name="Windows">The observed part of each window, the shortest first.</param>
/// <param name="Holes">
/// What was missed since <paramref name="BeginTime"/>, at most eight days back, oldest first; they may overlap.
/// </param>
public sealed record FeedCoverageReport(
    Feed Feed, long BeginTime, long EndTime, IReadOnlyList<CoverageWindow> Windows, IReadOnlyList<CoverageHole> Holes);
