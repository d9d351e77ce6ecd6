using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Server;

/// <summary>What stands under <c>/futures/data</c>: thirty days of open interest, ratios and basis by period.</summary>
internal sealed class StatisticsEndpoints(VenueTwinOptions options, RestSymbols symbols)
{
    private const long ThirtyDays = 30 * 86_400_000L;

    private static readonly Dictionary<string, long> Periods = new(StringComparer.Ordinal)
    {
        ["5m"] = 300_000,
        ["15m"] = 900_000,
        ["30m"] = 1_800_000,
        ["1h"] = 3_600_000,
        ["2h"] = 7_200_000,
        ["4h"] = 14_400_000,
        ["6h"] = 21_600_000,
        ["12h"] = 43_200_000,
        ["1d"] = 86_400_000,
    };

    public void AddTo(Dictionary<string, RestEndpoint> endpoints)
    {
        endpoints["/futures/data/openInterestHist"] = Endpoint("symbol", OpenInterest);
        endpoints["/futures/data/topLongShortAccountRatio"] = Endpoint("symbol", (h, t, p, w) => LongShort(h, t, w, 0));
        endpoints["/futures/data/topLongShortPositionRatio"] = Endpoint(
            "symbol", (h, t, p, w) => LongShort(h, t, w, 1));
        endpoints["/futures/data/globalLongShortAccountRatio"] = Endpoint(
            "symbol", (h, t, p, w) => LongShort(h, t, w, 2));
        endpoints["/futures/data/takerlongshortRatio"] = Endpoint("symbol", Taker, isSum: true);
        endpoints["/futures/data/basis"] = Endpoint("pair", Basis);
    }

    private static bool OpenInterest(ISymbolHistory history, long time, long period, FrameWriter w)
    {
        if (history.OpenInterest(time) is not { } units || history.MarkAt(time) is not { } mark)
        {
            return false;
        }

        SymbolSpec spec = history.Spec;
        w.Raw("{\"symbol\":\""u8).Text(spec.Symbol)
            .Raw("\",\"sumOpenInterest\":"u8).Quoted((Int128)units * Power(8 - spec.QuantityDecimals), 8)
            .Raw(",\"sumOpenInterestValue\":"u8).Quoted((Int128)units * mark.Mark / Power(spec.QuantityDecimals), 8)
            .Raw(",\"CMCCirculatingSupply\":"u8).Quoted((Int128)units * 50 * Power(8 - spec.QuantityDecimals), 8)
            .Raw(",\"timestamp\":"u8).Number(time).Raw("},"u8);
        return true;
    }

    private static bool LongShort(ISymbolHistory history, long time, FrameWriter w, int kind)
    {
        if (history.LongShare(kind, time) is not { } share)
        {
            return false;
        }

        long longUnits = (long)(share * 10_000);
        w.Raw("{\"symbol\":\""u8).Text(history.Spec.Symbol)
            .Raw("\",\"longShortRatio\":"u8).Quoted(longUnits * 10_000 / (10_000 - longUnits), 4)
            .Raw(",\"longAccount\":"u8).Quoted(longUnits, 4)
            .Raw(",\"shortAccount\":"u8).Quoted(10_000 - longUnits, 4)
            .Raw(",\"timestamp\":"u8).Number(time).Raw("},"u8);
        return true;
    }

    // What takers bought and sold in the period that begins at the stamp, from the trades themselves.
    private static bool Taker(ISymbolHistory history, long time, long period, FrameWriter w)
    {
        long bought = 0;
        long total = 0;
        bool known = false;
        for (long minute = time / 60_000; minute < (time + period) / 60_000; minute++)
        {
            if (history.Minute(minute, time + period - 1) is { } bar)
            {
                bought += bar.TakerBuyVolume;
                total += bar.Volume;
                known = true;
            }
        }

        if (!known)
        {
            return false;
        }

        long sold = total - bought;
        int decimals = history.Spec.QuantityDecimals;
        w.Raw("{\"buySellRatio\":"u8).Quoted((Int128)bought * 10_000 / Math.Max(1, sold), 4)
            .Raw(",\"buyVol\":"u8).Quoted((Int128)bought * Power(Math.Max(0, 4 - decimals)), Math.Max(4, decimals))
            .Raw(",\"sellVol\":"u8).Quoted((Int128)sold * Power(Math.Max(0, 4 - decimals)), Math.Max(4, decimals))
            .Raw(",\"timestamp\":"u8).Number(time).Raw("},"u8);
        return true;
    }

    private static bool Basis(ISymbolHistory history, long time, long period, FrameWriter w)
    {
        if (history.MarkAt(time) is not { } mark)
        {
            return false;
        }

        w.Raw("{\"indexPrice\":"u8).Quoted(mark.Index, 8)
            .Raw(",\"contractType\":\"PERPETUAL\",\"basisRate\":"u8).Quoted(
                (Int128)(mark.Mark - mark.Index) * 10_000 / mark.Index, 4)
            .Raw(",\"futuresPrice\":"u8).Quoted(mark.Mark, 8)
            .Raw(",\"annualizedBasisRate\":\"\",\"basis\":"u8).Quoted(mark.Mark - mark.Index, 8)
            .Raw(",\"pair\":\""u8).Text(history.Spec.Pair)
            .Raw("\",\"timestamp\":"u8).Number(time).Raw("},"u8);
        return true;
    }

    private static long Power(int digits)
    {
        long power = 1;
        for (int i = 0; i < digits; i++)
        {
            power *= 10;
        }

        return power;
    }

    private RestEndpoint Endpoint(
        string parameter, Func<ISymbolHistory, long, long, FrameWriter, bool> row, bool isSum = false) =>
        new(RestPool.Statistics, static _ => 0, (query, w, now) => Answer(query, w, now, parameter, row, isSum));

    private void Answer(
        RestQuery query, FrameWriter w, long now, string parameter, Func<ISymbolHistory, long, long, FrameWriter,
            bool> row,
        bool isSum)
    {
        ISymbolHistory? history = symbols.Find(query, parameter);
        if (!Periods.TryGetValue(query.Text("period"), out long period))
        {
            query.Fail(query.Has("period") ? RestError.Parameter("period") : RestError.Missing("period"));
        }

        int limit = query.Limit(30, 500);
        long? start = query.Long("startTime");
        long? end = query.Long("endTime");
        if (start < now - ThirtyDays || end < now - ThirtyDays || start > end)
        {
            query.Fail(RestError.Parameter(start is null ? "endTime" : "startTime"));
        }

        if (query.Error is not null)
        {
            return;
        }

        // A row is out some time after its stamp, and a sum not before its period is over.
        long newest = now - (long)options.StatisticsDelay.TotalMilliseconds;
        newest = isSum ? newest - period : newest;
        long last = Math.Min(end ?? newest, newest) / period * period;
        long first = Math.Max(start ?? 0, last - ((limit - 1) * period));
        if (start is { } from)
        {
            first = (from + period - 1) / period * period;
            last = Math.Min(last, first + ((limit - 1) * period));
        }

        first = Math.Max(first, (now - ThirtyDays + period - 1) / period * period);
        w.Raw("["u8);
        bool any = false;
        for (long time = first; time <= last && history is not null; time += period)
        {
            any |= row(history, time, period, w);
        }

        if (any)
        {
            w.Drop();
        }

        w.Raw("]"u8);
    }
}
