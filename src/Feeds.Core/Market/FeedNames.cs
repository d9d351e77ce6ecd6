namespace Feeds.Core.Market;

/// <summary>The names of feeds as rows, metrics and status show them.</summary>
public static class FeedNames
{
    private static readonly string[] Names =
    [
        "depth", "trades", "quotes", "mark", "bars", "liq", "oi", "oi_hist", "funding", "premium", "ls_ratio", "clock",
        "node", "lag", "contract",
    ];

    /// <summary>How many feeds there are; their values run from 0 to one less.</summary>
    public static int Count => Names.Length;

    /// <summary>Returns the feed's name, such as <c>oi</c>.</summary>
    public static string Name(this Feed feed) => Names[(int)feed];
}
