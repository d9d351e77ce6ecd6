namespace Feeds.Configuration;

/// <summary>The section <c>history</c>.</summary>
internal sealed record HistoryOptions
{
    /// <summary>Bar lengths to load.</summary>
    public IReadOnlyList<string> Timeframes { get; init; } = ["1m", "5m", "15m", "1h", "4h", "1d"];

    /// <summary>Periods of open interest and ratios to load.</summary>
    public IReadOnlyList<string> OiPeriods { get; init; } = ["5m", "15m", "1h"];

    /// <summary>Days to load, 1…3650.</summary>
    public int HistoricalDays { get; init; } = 180;
}
