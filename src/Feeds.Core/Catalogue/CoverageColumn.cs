using Feeds.Core.Market;

namespace Feeds.Core.Catalogue;

/// <summary>A column that says which share of a window of a feed was observed, 0…1.</summary>
/// <param name="Name">Such as <c>cov_trades_1m</c>.</param>
/// <param name="Feed">Which feed.</param>
/// <param name="WindowMs">The window in ms, ending at the row's time.</param>
public sealed record CoverageColumn(string Name, Feed Feed, long WindowMs);
