using System.Text.Json;
using Feeds.Core.Market;

namespace Feeds.Binance.Rest;

/// <summary>Reads the exchange's listing.</summary>
internal static class ListingRows
{
    public static bool TryReadInstrument(JsonElement row, out Instrument instrument)
    {
        instrument = null!;
        if (!row.TrySymbol("symbol", out Symbol symbol) || !row.TryText("status", out string status))
        {
            return false;
        }

        instrument = new Instrument(
            symbol,
            row.Text("pair"),
            row.Text("contractType"),
            status,
            row.OptionalInt64("onboardDate"),
            row.OptionalInt64("deliveryDate"),
            row.Text("baseAsset"),
            row.Text("quoteAsset"),
            row.Text("marginAsset"),
            row.Text("underlyingType"),
            Filter(row, "PRICE_FILTER", "tickSize"),
            Filter(row, "LOT_SIZE", "stepSize"));
        return true;
    }

    public static int? WeightLimit(JsonElement root)
    {
        if (!root.TryField("rateLimits", out JsonElement limits) || limits.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        foreach (JsonElement limit in limits.EnumerateArray())
        {
            if (limit.Text("rateLimitType") == "REQUEST_WEIGHT"
                && limit.Text("interval") == "MINUTE"
                && limit.OptionalInt64("intervalNum") == 1
                && limit.OptionalInt64("limit") is > 0 and <= int.MaxValue and var weight)
            {
                return (int)weight;
            }
        }

        return null;
    }

    private static decimal? Filter(JsonElement row, string type, string field)
    {
        if (row.TryField("filters", out JsonElement filters) && filters.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement filter in filters.EnumerateArray())
            {
                if (filter.Text("filterType") == type)
                {
                    return filter.OptionalDecimal(field);
                }
            }
        }

        return null;
    }
}
