using Feeds.Core.Catalogue;

namespace Feeds.Core.Symbols;

/// <content>What people may look at between two events.</content>
public sealed partial class SymbolState
{
    /// <summary>
    /// Returns the newest values as they stand, whatever their age, by name; unknown is NaN. Sums over five minutes end
    /// at the newest tick. For people: rows are made of what is fresh only.
    /// </summary>
    public IReadOnlyDictionary<string, double> Values() => new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["mark_price"] = _mark.MarkPrice,
        ["index_price"] = _mark.IndexPrice,
        ["basis"] = _mark.Basis,
        ["predicted_funding"] = _mark.PredictedFundingRate,
        ["premium_basis"] = _premium.Basis,
        ["funding"] = _slow.FundingRate,
        ["oi"] = _slow.OpenInterest,
        ["oi_pct"] = _slow.OpenInterestPct,
        ["obi_top"] = _book.SmoothedImbalance,
        ["liq_long_usd_5m"] = _liquidations.LongUsd(LastTickTime),
        ["liq_short_usd_5m"] = _liquidations.ShortUsd(LastTickTime),
        ["clock_offset_ms"] = _clockOffsetMs,
    };

    /// <summary>
    /// Returns the observed share, 0…1, of each window that features use, ending at the newest tick, by its column's
    /// name; empty while the settings have features off.
    /// </summary>
    public IReadOnlyDictionary<string, double> Windows() => _golden is not { } golden
        ? new Dictionary<string, double>(StringComparer.Ordinal)
        : FeatureCatalogue.Golden.Coverage.ToDictionary(
            static column => column.Name, column => golden.Coverage(column.Feed, column.WindowMs),
            StringComparer.Ordinal);
}
