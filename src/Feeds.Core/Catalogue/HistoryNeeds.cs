namespace Feeds.Core.Catalogue;

/// <summary>What of the past the golden vector needs, as the warm-ups of its features say.</summary>
public static class HistoryNeeds
{
    private const int OpenInterestPeriodMinutes = 5;

    /// <summary>Bars by their length, one minute first.</summary>
    public static IReadOnlyList<BarNeed> Bars { get; } =
    [
        .. FeatureCatalogue.Golden.Features
            .Where(static f => f.BarMinutes > 0)
            .GroupBy(static f => f.BarMinutes)
            .OrderBy(static g => g.Key)
            .Select(static g => new BarNeed(g.Key * 60_000, g.Max(static f => f.WarmUpMinutes) / g.Key)),
    ];

    /// <summary>The newest 5-minute open-interest records.</summary>
    public static int OpenInterestRecords { get; } = 2 + (FeatureCatalogue.Golden.Features
        .Where(static f => f.Source.StartsWith("oi_hist", StringComparison.Ordinal))
        .Max(static f => f.WarmUpMinutes) / OpenInterestPeriodMinutes);
}
