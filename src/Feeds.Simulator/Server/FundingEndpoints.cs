using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Server;

/// <summary>Settled funding rates and the rules of each symbol's funding.</summary>
internal sealed class FundingEndpoints(VenueTwinOptions options, RestSymbols symbols)
{
    private const long Hour = 3_600_000;

    // Rows up to this time have an empty mark price at the venue.
    private const long NoMarkPriceBefore = 1_641_000_000_000;

    public void AddTo(Dictionary<string, RestEndpoint> endpoints)
    {
        endpoints["/fapi/v1/fundingRate"] = new(RestPool.Funding, static _ => 0, Rates);
        endpoints["/fapi/v1/fundingInfo"] = new(RestPool.Funding, static _ => 0, Rules);
    }

    private void Rates(RestQuery query, FrameWriter w, long now)
    {
        List<ISymbolHistory> of = [];
        if (!query.Has("symbol"))
        {
            of.AddRange(symbols.Publishers.Select(static publisher => publisher.History));
        }
        else if (symbols.Find(query) is { } one)
        {
            of.Add(one);
        }

        int limit = query.Limit(query.Has("startTime") || query.Has("endTime") ? 100 : 200, 1000);
        long? start = query.Long("startTime");
        long? end = query.Long("endTime");
        if (query.Error is not null)
        {
            return;
        }

        long last = Math.Min(end ?? now, now);
        List<(long Time, long Slot, ISymbolHistory History)> rows = start is { } from
            ? Forward(of, from, last, limit)
            : Backward(of, last, limit);
        w.Raw("["u8);
        foreach ((long time, long slot, ISymbolHistory history) in rows)
        {
            w.Raw("{\"symbol\":\""u8).Text(history.Spec.Symbol)
                .Raw("\",\"fundingTime\":"u8).Number(time)
                .Raw(",\"fundingRate\":"u8).Quoted(history.SettledRate(slot)!.Value, 8)
                .Raw(",\"markPrice\":"u8);
            if (time <= NoMarkPriceBefore || history.MarkAt(slot) is not { } mark)
            {
                w.Raw("\"\""u8);
            }
            else
            {
                w.Quoted(mark.Mark, 8);
            }

            w.Raw(",\"rateType\":\"Regular\"},"u8);
        }

        if (rows.Count > 0)
        {
            w.Drop();
        }

        w.Raw("]"u8);
    }

    private static List<(long Time, long Slot, ISymbolHistory History)> Forward(
        List<ISymbolHistory> of, long start, long end, int limit)
    {
        List<(long Time, long Slot, ISymbolHistory History)> rows = [];
        if (of.Count == 0)
        {
            return rows;
        }

        long slot = Math.Max(start, of.Min(static history => history.Spec.OnboardTime)) / Hour * Hour;
        for (; slot <= end && rows.Count < limit; slot += Hour)
        {
            AddSlot(of, slot, start, end, rows);
        }

        return rows.Count > limit ? rows[..limit] : rows;
    }

    private static List<(long Time, long Slot, ISymbolHistory History)> Backward(
        List<ISymbolHistory> of, long end, int limit)
    {
        List<(long Time, long Slot, ISymbolHistory History)> rows = [];
        if (of.Count == 0)
        {
            return rows;
        }

        long first = of.Min(static history => history.Spec.OnboardTime);
        for (long slot = end / Hour * Hour; slot >= first && rows.Count < limit; slot -= Hour)
        {
            List<(long Time, long Slot, ISymbolHistory History)> more = [];
            AddSlot(of, slot, 0, end, more);
            rows.InsertRange(0, more);
        }

        return rows.Count > limit ? rows[^limit..] : rows;
    }

    private static void AddSlot(
        List<ISymbolHistory> of, long slot, long start, long end, List<(
            long Time, long Slot, ISymbolHistory History)> rows)
    {
        int from = rows.Count;
        foreach (ISymbolHistory history in of)
        {
            long time = history.SettlementTime(slot);
            if (slot % (history.Spec.FundingIntervalHours * Hour) == 0 && time >= start && time <= end
                && history.SettledRate(slot) is not null)
            {
                rows.Add((time, slot, history));
            }
        }

        rows.Sort(from, rows.Count - from, Comparer<(long Time, long Slot, ISymbolHistory History)>.Create(
            static (a, b) => a.Time.CompareTo(b.Time)));
    }

    private void Rules(RestQuery query, FrameWriter w, long now)
    {
        w.Raw("["u8);
        foreach (SymbolSpec spec in symbols.Specs)
        {
            w.Raw("{\"symbol\":\""u8).Text(spec.Symbol)
                .Raw("\",\"adjustedFundingRateCap\":\"0.02000000\",\"adjustedFundingRateFloor\":\"-0.02000000\","u8)
                .Raw("\"fundingIntervalHours\":"u8).Number(spec.FundingIntervalHours)
                .Raw(",\"disclaimer\":false,\"updateTime\":"u8);
            if (Noise.Key(5, spec.Symbol) % 3 == 0)
            {
                w.Raw("null},"u8);
            }
            else
            {
                w.Number(1_760_000_000_000).Raw("},"u8);
            }
        }

        if (options.WithCoinMargined)
        {
            w.Raw("{\"symbol\":\"BTCUSD_PERP\",\"adjustedFundingRateCap\":\"0.02000000\","u8)
                .Raw("\"adjustedFundingRateFloor\":\"-0.02000000\",\"fundingIntervalHours\":8,\"disclaimer\":false,"u8)
                .Raw("\"updateTime\":null},"u8);
        }

        if (w.Written.Length > 1)
        {
            w.Drop();
        }

        w.Raw("]"u8);
    }
}
