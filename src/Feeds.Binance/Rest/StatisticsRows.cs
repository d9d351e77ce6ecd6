using System.Text.Json;
using Feeds.Core.Market;

namespace Feeds.Binance.Rest;

/// <summary>Reads rows of open interest, funding and ratios.</summary>
internal static class StatisticsRows
{
    public static bool TryReadOpenInterest(JsonElement row, out Stamped<OpenInterestRecord> record)
    {
        bool ok = row.TryDecimal("openInterest", out decimal openInterest) & row.TryInt64("time", out long time);
        record = new(time, new OpenInterestRecord(0, openInterest, null));
        return ok && openInterest >= 0 && time > 0;
    }

    public static bool TryReadOpenInterestHistory(
        JsonElement row, Period period, out Stamped<OpenInterestRecord> record)
    {
        bool ok = row.TryDecimal("sumOpenInterest", out decimal openInterest) & row.TryInt64(
            "timestamp", out long time);
        record = new(
            time, new OpenInterestRecord(
                (int)period.LengthMs, openInterest, row.OptionalDecimal("sumOpenInterestValue")));
        return ok && openInterest >= 0 && time > 0;
    }

    public static bool TryReadLongShortRatio(
        JsonElement row, RatioKind kind, Period period, out Stamped<LongShortRatio> ratio)
    {
        bool ok = row.TryDecimal("longShortRatio", out decimal value)
            & row.TryDecimal("longAccount", out decimal longs)
            & row.TryDecimal("shortAccount", out decimal shorts)
            & row.TryInt64("timestamp", out long time);
        ratio = new(time, new LongShortRatio(kind, (int)period.LengthMs, value, longs, shorts));
        return ok && value >= 0 && time > 0;
    }

    public static bool TryReadTakerRatio(JsonElement row, Period period, out Stamped<TakerRatio> ratio)
    {
        bool ok = row.TryDecimal("buySellRatio", out decimal value)
            & row.TryDecimal("buyVol", out decimal buys)
            & row.TryDecimal("sellVol", out decimal sells)
            & row.TryInt64("timestamp", out long time);
        ratio = new(time, new TakerRatio((int)period.LengthMs, value, buys, sells));
        return ok && value >= 0 && time > 0;
    }

    public static bool TryReadFunding(JsonElement row, out FundingRow funding)
    {
        funding = null!;
        decimal mark = 0;
        bool hasMark = !row.IsEmpty("markPrice");
        if (!row.TrySymbol("symbol", out Symbol symbol)
            || !row.TryInt64("fundingTime", out long time)
            || time <= 0
            || !row.TryDecimal("fundingRate", out decimal rate)
            || (hasMark && !row.TryDecimal("markPrice", out mark)))
        {
            return false;
        }

        funding = new FundingRow(
            symbol, new FundingSettlement(time, rate, hasMark ? mark : null), row.Text("rateType"));
        return true;
    }

    public static bool TryReadFundingTerms(JsonElement row, out FundingTerms terms)
    {
        terms = null!;
        if (!row.TrySymbol("symbol", out Symbol symbol) || !row.TryInt64("fundingIntervalHours", out long hours)
            || hours is <= 0 or > 24)
        {
            return false;
        }

        terms = new FundingTerms(
            symbol,
            (int)hours,
            row.OptionalDecimal("adjustedFundingRateCap"),
            row.OptionalDecimal("adjustedFundingRateFloor"),
            row.TryInt64("updateTime", out long updateTime) ? updateTime : null);
        return true;
    }
}
