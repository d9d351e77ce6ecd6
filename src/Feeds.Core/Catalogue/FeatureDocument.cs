using System.Globalization;
using System.Text;

namespace Feeds.Core.Catalogue;

/// <summary>The documentation of the catalogue, made from its definitions.</summary>
public static class FeatureDocument
{
    /// <summary>Returns docs/features.md: every feature of every set, by group, in Markdown.</summary>
    public static string Markdown()
    {
        StringBuilder text = new();
        text.Append(
            """
            # Features

            Made from the catalogue by `feeds features document`; do not edit. Each feature is defined once in
            `src/Feeds.Core/Catalogue`, and live rows, datasets, table schemas and this page come from that definition.

            A value is NaN (empty, NULL) when it is unknown, never 0. *Warm-up* is the time after which a value no longer depends on
            where the history began, within 1e-6; a live row has NaN until then. *Scale* says what the magnitude depends on: price,
            base, usd and count tell a model of several symbols which one it looks at; ratio, flag and cyclic do not. A feature with
            a coverage column is NaN where less than the minimum share of its window was observed.


            """.ReplaceLineEndings("\n"));
        text.Append(CultureInfo.InvariantCulture, $"Catalogue version {FeatureCatalogue.Version}.\n");
        Append(text, FeatureCatalogue.Golden, "The golden vector",
            "One row per symbol at each tick, of what was available then.");
        Append(text, FeatureCatalogue.Wide, "The wide set", "One row per symbol at the end of each 5-minute bar.");
        return text.ToString();
    }

    /// <summary>Returns a warm-up for people: <c>none</c>, <c>250 min</c>, <c>25 h</c>, <c>12.5 d</c>.</summary>
    public static string WarmUp(int minutes) => minutes switch
    {
        0 => "none",
        <= 300 => string.Create(CultureInfo.InvariantCulture, $"{minutes} min"),
        < 4_320 => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60.0:0.#} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{minutes / 1440.0:0.#} d"),
    };

    private static void Append(StringBuilder text, FeatureSet set, string title, string purpose)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n{purpose} {set.Features.Count} features");
        text.Append(set.Coverage.Count > 0
            ? string.Create(CultureInfo.InvariantCulture, $", then {set.Coverage.Count} coverage columns.\n") : ".\n");
        foreach (IGrouping<string, FeatureDefinition> group in set.Features.GroupBy(
            f => f.Group, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n### {group.Key.Replace('_', ' ')}\n\n");
            text.Append("| feature | window | unit | scale | formula | source | warm-up | coverage | NaN |\n");
            text.Append("| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
            foreach (FeatureDefinition feature in group)
            {
                string coverage = feature.CoverageColumn is null
                    ? string.Empty
                    : string.Create(
                        CultureInfo.InvariantCulture, $"`{feature.CoverageColumn}` >= {feature.MinimumCoverage:0.0}");
                string scale = feature.Scale.ToString();
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| `{feature.Name}` | {Cell(feature.Window)} | {Cell(feature.Unit)} | "
                    + $"{char.ToLowerInvariant(scale[0])}{scale[1..]} "
                    + $"| {Cell(feature.Formula)} | {feature.Source} | {WarmUp(feature.WarmUpMinutes)} | "
                    + $"{coverage} | {Cell(feature.NullRule)} |\n");
            }
        }

        if (set.Coverage.Count > 0)
        {
            text.Append("\n### coverage\n\n| column | feed | meaning |\n| --- | --- | --- |\n");
            foreach (CoverageColumn column in set.Coverage)
            {
                string window = column.Name[(column.Name.LastIndexOf('_') + 1)..];
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| `{column.Name}` | {column.Name.Split('_')[1]} | share of the last {window} that was "
                    + $"observed, 0-1 |\n");
            }
        }
    }

    // Bars and stars have a meaning in Markdown's tables.
    private static string Cell(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);
}
