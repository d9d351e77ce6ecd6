using System.Security.Cryptography;
using System.Text;
using Feeds.Core.Catalogue;
using Xunit;

namespace Feeds.Tests.Core.Catalogue;

public sealed class FeatureCatalogueTests
{
    [Fact]
    public void Names_are_unique_in_their_set_and_every_entry_is_whole()
    {
        foreach (FeatureSet set in (FeatureSet[])[FeatureCatalogue.Golden, FeatureCatalogue.Wide])
        {
            Assert.Equal(set.Columns.Count, set.Columns.Distinct(StringComparer.Ordinal).Count());
            foreach (FeatureDefinition feature in set.Features)
            {
                Assert.Equal(set.Name, feature.Set);
                Assert.Matches("^[a-z0-9_]+$", feature.Name);
                Assert.All(
                    (string[])[feature.Group, feature.Window, feature.Unit, feature.Formula, feature.Source,
                        feature.Inputs, feature.NullRule],
                    text => Assert.False(string.IsNullOrWhiteSpace(text), feature.Name));
                Assert.InRange(feature.WarmUpMinutes, 0, 100 * 1440);
                Assert.Equal(feature.CoverageColumn is not null, feature.MinimumCoverage > 0);
                Assert.True(
                    feature.CoverageColumn is null || set.IndexOf(feature.CoverageColumn) >= set.Features.Count);
            }
        }

        Assert.Equal(169, FeatureCatalogue.Wide.Columns.Count);
        Assert.Equal(66, FeatureCatalogue.Golden.Features.Count);
        Assert.Equal(-1, FeatureCatalogue.Golden.IndexOf("no_such"));
    }

    // Columns of written files: a change of one needs the next version, and a new one comes last.
    [Fact]
    public void The_columns_of_this_version_are_these()
    {
        string columns = string.Join('\n', FeatureCatalogue.Golden.Columns) + "\n\n" + string.Join(
            '\n', FeatureCatalogue.Wide.Columns);
        Assert.Equal(
            (1, "2A715AEF74E31506"),
            (FeatureCatalogue.Version, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(columns)))[..16]));
    }

    [Fact]
    public void The_golden_vector_has_the_columns_of_the_specification()
    {
        string[] expected =
        [
            .. Each("rsi_14", "1m", "5m", "1h", "4h"), .. Each("macd_hist", "1m", "5m", "1h", "4h"),
            .. Each("macd_hist_bps", "1m", "5m", "1h", "4h"), .. Each("roc_10", "1m", "5m", "1h", "4h"),
            .. Each("obi_top", "1m", "5m"), .. Each("depth_ratio_l5", "1m", "5m"),
            .. Each("depth_ratio_l10", "1m", "5m"),
            .. Each("depth_ratio_l20", "1m", "5m"), .. Each("tfi", "1m", "5m", "1h"), "tfi_accel", "tfi_decay",
            .. Each("spread_bps", "1m", "5m"),
            "micro_price_dev_bps", "book_slope_l20", "funding_rate", "predicted_funding", "basis",
            .. Each("oi_change", "1h", "8h"),
            .. Each("net_liq_usd", "1h", "8h"), "liq_long_usd_1h", "liq_short_usd_1h",
            .. Each("liq_censored_share", "1h", "8h"),
            .. Each("net_liq_to_oi", "1h", "8h"), "oi_price_state_1h", .. Each("atr_14", "15m", "1h"),
            .. Each("bb_width_20", "15m", "1h"),
            .. Each("natr_14", "15m", "1h"), "realized_vol_60_1m", .. Each("beta_btc", "1h", "24h"),
            .. Each("corr_btc", "1h", "24h"),
            .. Each("rs_eth", "1h", "24h"), .. Each("sector_rel", "1h", "24h"), "tod_sin", "tod_cos", "tow_sin",
            "tow_cos",
        ];
        Assert.Equal(expected, FeatureCatalogue.Golden.Features.Select(f => f.Name));
    }

    private static IEnumerable<string> Each(string name, params string[] windows) => windows.Select(w => $"{name}_{w}");
}
