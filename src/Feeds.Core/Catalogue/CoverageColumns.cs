using Feeds.Core.Market;

namespace Feeds.Core.Catalogue;

/// <summary>The names of coverage columns: <c>cov_&lt;feed&gt;_&lt;window&gt;</c>.</summary>
internal static class CoverageColumns
{
    private static readonly Dictionary<string, long> Windows = new(StringComparer.Ordinal)
    {
        ["1m"] = 60_000,
        ["5m"] = 300_000,
        ["1h"] = 3_600_000,
        ["8h"] = 8 * 3_600_000,
        ["24h"] = 24 * 3_600_000,
        ["48h"] = 48 * 3_600_000,
        ["7d"] = 7 * 24 * 3_600_000,
    };

    public static string Name(Feed feed, string window) => $"cov_{feed.Name()}_{window}";

    public static CoverageColumn Parse(string name)
    {
        string[] parts = name.Split('_');
        Feed feed = Enum.GetValues<Feed>().Single(f => string.Equals(f.Name(), parts[1], StringComparison.Ordinal));
        return new CoverageColumn(name, feed, Windows[parts[2]]);
    }
}
