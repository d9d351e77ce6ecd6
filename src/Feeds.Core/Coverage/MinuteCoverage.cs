using Feeds.Core.Market;

namespace Feeds.Core.Coverage;

/// <summary>One line of the coverage ledger: how much of a minute of a feed was observed.</summary>
/// <param name="Feed">Which feed.</param>
/// <param name="MinuteTime">The minute's start, epoch ms.</param>
/// <param name="CoveredMs">Observed milliseconds of it, 0…60 000.</param>
/// <param name="Reason">Why the longest missing stretch is missing; empty when all was observed.</param>
/// <param name="IsFilled">True when a stretch of it was missing first and came later.</param>
public readonly record struct MinuteCoverage(Feed Feed, long MinuteTime, int CoveredMs, string Reason, bool IsFilled)
{
    /// <summary>Observed share of the minute, 0…1.</summary>
    public double Share => CoveredMs / 60_000.0;
}
