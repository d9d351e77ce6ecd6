using Feeds.Core.Market;

namespace Feeds.Core.Coverage;

/// <summary>What was observed of a symbol, as of its last tick.</summary>
/// <param name="Symbol">Which symbol.</param>
/// <param name="TickTime">The tick, epoch ms; 0 before the first.</param>
/// <param name="WarmUpFrom">
/// Where the history that was fetched for its features begins, epoch ms; 0 when none was.
/// </param>
/// <param name="Feeds">Its feeds.</param>
public sealed record SymbolCoverage(
    Symbol Symbol, long TickTime, long WarmUpFrom, IReadOnlyList<FeedCoverageReport> Feeds);
