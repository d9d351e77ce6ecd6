using Feeds.Core.Coverage;
using Feeds.Core.Market;

namespace Feeds.Http;

/// <summary>The coverage of one symbol as <c>GET /coverage</c> and <c>feeds coverage --json</c> show it.</summary>
/// <param name="Symbol">Which symbol.</param>
/// <param name="Tick">As of this tick; null before the first.</param>
/// <param name="WarmUpFrom">Where the history that was fetched for its features begins; null when none was.</param>
/// <param name="Feeds">Its feeds.</param>
internal sealed record CoverageDocument(
    string Symbol, DateTimeOffset? Tick, DateTimeOffset? WarmUpFrom, IReadOnlyList<FeedCoverageDocument> Feeds)
{
    /// <summary>
    /// Returns the document of a symbol; with minutes, so many whole ones before the end of each feed's windows.
    /// </summary>
    public static CoverageDocument Of(SymbolCoverage coverage, int minutes) => new(
        coverage.Symbol.Text,
        At(coverage.TickTime),
        At(coverage.WarmUpFrom),
        [.. coverage.Feeds.Select(feed => FeedCoverageDocument.Of(feed, minutes))]);

    /// <summary>Returns a time as documents have it; null for none.</summary>
    public static DateTimeOffset? At(long time) => time > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;
}

/// <summary>The coverage of a feed.</summary>
internal sealed record FeedCoverageDocument(
    string Feed,
    DateTimeOffset? Since,
    DateTimeOffset? Until,
    IReadOnlyList<CoverageWindowDocument> Windows,
    IReadOnlyList<CoverageHoleDocument> Holes,
    IReadOnlyList<CoverageMinuteDocument>? Minutes)
{
    /// <summary>Returns the document of a feed.</summary>
    public static FeedCoverageDocument Of(FeedCoverageReport report, int minutes) => new(
        report.Feed.Name(),
        CoverageDocument.At(report.BeginTime),
        CoverageDocument.At(report.EndTime),
        [.. report.Windows.Select(static w => new CoverageWindowDocument(w.Window, w.WindowMs, w.CoveredMs, w.Share))],
        [.. report.Holes.Select(static h => new CoverageHoleDocument(
            DateTimeOffset.FromUnixTimeMilliseconds(h.FromTime),
            DateTimeOffset.FromUnixTimeMilliseconds(h.ToTime),
            h.ToTime - h.FromTime,
            h.Reason,
            h.IsFilled))],
        minutes == 0 ? null : [.. MinutesOf(report, minutes)]);

    private static IEnumerable<CoverageMinuteDocument> MinutesOf(FeedCoverageReport report, int minutes)
    {
        FeedCoverage coverage = new(report.Feed);
        if (report.BeginTime > 0)
        {
            coverage.Begin(report.BeginTime);
        }

        foreach (CoverageHole hole in report.Holes)
        {
            coverage.AddHole(hole);
        }

        long end = report.EndTime / 60_000 * 60_000;
        foreach (MinuteCoverage minute in coverage.Minutes(end - (minutes * 60_000L), end))
        {
            yield return new CoverageMinuteDocument(
                DateTimeOffset.FromUnixTimeMilliseconds(minute.MinuteTime), minute.CoveredMs, minute.Share,
                minute.Reason, minute.IsFilled);
        }
    }
}

/// <summary>How much of a window was observed.</summary>
internal sealed record CoverageWindowDocument(string Window, long WindowMs, long CoveredMs, double Share);

/// <summary>A stretch that was missed; filled when what was missed came later and counts.</summary>
internal sealed record CoverageHoleDocument(
    DateTimeOffset From, DateTimeOffset To, long Ms, string Reason, bool Filled);

/// <summary>How much of a minute was observed, and why the longest missing stretch is missing.</summary>
internal sealed record CoverageMinuteDocument(
    DateTimeOffset Minute, int CoveredMs, double Share, string Reason, bool Filled);
