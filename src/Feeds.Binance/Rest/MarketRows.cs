using System.Text.Json;
using Feeds.Core.Books;
using Feeds.Core.Market;

namespace Feeds.Binance.Rest;

/// <summary>Reads rows of prices: premium index, book, trades, bars.</summary>
internal static class MarketRows
{
    public static bool TryReadPremium(JsonElement row, out PremiumRow premium)
    {
        premium = null!;
        double rate = double.NaN;
        if (!row.TrySymbol("symbol", out Symbol symbol)
            || !row.TryInt64("time", out long time)
            || !row.TryDouble("markPrice", out double mark)
            || !row.TryDouble("indexPrice", out double index)
            || (!row.IsEmpty("lastFundingRate") && !row.TryDouble("lastFundingRate", out rate)))
        {
            return false;
        }

        premium = new PremiumRow(
            symbol, time, mark, index, row.IsEmpty("lastFundingRate")
                ? double.NaN : rate, row.OptionalInt64("nextFundingTime"));
        return true;
    }

    public static bool TryReadBook(JsonElement row, long receiveTime, out BookSnapshot book)
    {
        book = null!;
        if (!row.TryInt64("lastUpdateId", out long lastUpdateId)
            || !TryReadSide(row, "bids", out List<PriceLevel> bids)
            || !TryReadSide(row, "asks", out List<PriceLevel> asks))
        {
            return false;
        }

        bids.Sort(static (a, b) => b.Price.CompareTo(a.Price));
        asks.Sort(static (a, b) => a.Price.CompareTo(b.Price));
        long time = row.OptionalInt64("T");
        book = new BookSnapshot(lastUpdateId, time > 0 ? time : row.OptionalInt64("E"), receiveTime, bids, asks);
        return true;
    }

    public static bool TryReadTrade(JsonElement row, long receiveTime, out MarketEvent trade)
    {
        trade = default;
        double quantityWithoutRpi = 0;
        if (!row.TryInt64("a", out long id)
            || !row.TryInt64("T", out long time)
            || !row.TryDouble("p", out double price)
            || !row.TryDouble("q", out double quantity)
            || (!row.IsEmpty("nq") && !row.TryDouble("nq", out quantityWithoutRpi))
            || !row.TryField("m", out JsonElement maker)
            || maker.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return false;
        }

        long count = row.TryInt64("f", out long first) && row.TryInt64("l", out long last) ? last - first + 1 : 1;
        if (count is < 1 or > int.MaxValue)
        {
            return false;
        }

        trade = MarketEvent.ForTrade(
            time,
            receiveTime,
            id,
            price,
            quantity,
            row.IsEmpty("nq") ? quantity : quantityWithoutRpi,
            maker.ValueKind == JsonValueKind.True ? Side.Sell : Side.Buy,
            (int)count,
            isFromStream: false);
        return true;
    }

    public static bool TryReadBar(JsonElement row, Period period, out Bar bar)
    {
        bar = null!;
        if (row.ValueKind != JsonValueKind.Array || row.GetArrayLength() < 11
            || !row[0].TryInt64(out long openTime)
            || !row[1].TryDecimal(out decimal open)
            || !row[2].TryDecimal(out decimal high)
            || !row[3].TryDecimal(out decimal low)
            || !row[4].TryDecimal(out decimal close)
            || !row[5].TryDecimal(out decimal volume)
            || !row[7].TryDecimal(out decimal quoteVolume)
            || !row[8].TryInt64(out long count)
            || !row[9].TryDecimal(out decimal takerVolume)
            || !row[10].TryDecimal(out decimal takerQuoteVolume)
            || count is < 0 or > int.MaxValue)
        {
            return false;
        }

        bar = new Bar(
            openTime, (int)period.LengthMs, open, high, low, close, volume, quoteVolume, takerVolume, takerQuoteVolume,
            (int)count);
        return true;
    }

    private static bool TryReadSide(JsonElement row, string name, out List<PriceLevel> levels)
    {
        levels = [];
        if (!row.TryField(name, out JsonElement side) || side.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (JsonElement level in side.EnumerateArray())
        {
            // One broken level would leave a hole in the book, so the whole book is refused.
            if (level.ValueKind != JsonValueKind.Array || level.GetArrayLength() < 2
                || !level[0].TryDouble(out double price)
                || !level[1].TryDouble(out double quantity)
                || price <= 0 || quantity < 0)
            {
                return false;
            }

            levels.Add(new PriceLevel(price, quantity));
        }

        return true;
    }
}
