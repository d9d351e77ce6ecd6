namespace Feeds.Core.Catalogue;

/// <summary>
/// Every feature, defined once. Live rows, batch columns, table schemas and the documentation are all made from these
/// definitions; a new feature is one declaration, and its column comes last.
/// </summary>
public static class FeatureCatalogue
{
    /// <summary>
    /// The version that rows and files carry; one more whenever a column's name, place or meaning changes.
    /// </summary>
    public const int Version = 1;

    /// <summary>The vector of each tick.</summary>
    public static FeatureSet Golden { get; } = Make("golden", [.. GoldenFeatures.All.Select(f => f.Definition)]);

    /// <summary>The 169 features of 5-minute bars.</summary>
    public static FeatureSet Wide { get; } = Make("wide", [.. WideFeatures.All.Select(f => f.Definition)]);

    /// <summary>Every definition of all sets; a name may be in both.</summary>
    public static IEnumerable<FeatureDefinition> All => Golden.Features.Concat(Wide.Features);

    private static FeatureSet Make(string name, IReadOnlyList<FeatureDefinition> features) =>
        new(
            name,
            features,
            [.. features
                .Select(f => f.CoverageColumn)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                .Select(CoverageColumns.Parse)]);
}
