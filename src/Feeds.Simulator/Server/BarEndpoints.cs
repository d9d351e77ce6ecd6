using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Server;

/// <summary>Bars of trades, of mark and index prices and of the premium.</summary>
internal sealed class BarEndpoints(RestSymbols symbols)
{
    private enum Source
    {
        Trades,
        Mark,
        Index,
        Premium,
    }

    public void AddTo(Dictionary<string, RestEndpoint> endpoints)
    {
        endpoints["/fapi/v1/klines"] = new(
            RestPool.Weight, Weight, (q, w, now) => Answer(q, w, now, Source.Trades, "symbol"));
        endpoints["/fapi/v1/continuousKlines"] = new(
            RestPool.Weight, Weight, (q, w, now) => Answer(q, w, now, Source.Trades, "pair"));
        endpoints["/fapi/v1/markPriceKlines"] = new(
            RestPool.Weight, Weight, (q, w, now) => Answer(q, w, now, Source.Mark, "symbol"));
        endpoints["/fapi/v1/indexPriceKlines"] = new(
            RestPool.Weight, Weight, (q, w, now) => Answer(q, w, now, Source.Index, "pair"));
        endpoints["/fapi/v1/premiumIndexKlines"] =
            new(RestPool.Weight, Weight, (q, w, now) => Answer(q, w, now, Source.Premium, "symbol"));
    }

    // Edges are inclusive, as measured; without a limit the venue counts 5 and serves 500 rows.
    private static int Weight(RestQuery query) => query.Long("limit") switch
    {
        null => 5,
        <= 100 => 1,
        <= 500 => 2,
        <= 1000 => 5,
        _ => 10,
    };

    private void Answer(RestQuery query, FrameWriter w, long now, Source source, string parameter)
    {
        ISymbolHistory? history = symbols.Find(query, parameter);
        KlineInterval? parsed = KlineInterval.Parse(query.Text("interval"));
        if (!query.Has("interval"))
        {
            query.Fail(RestError.Missing("interval"));
        }
        else if (parsed is null)
        {
            query.Fail(RestError.InvalidInterval);
        }

        int limit = query.Limit(500, 1500);
        long? start = query.Long("startTime");
        long? end = query.Long("endTime");
        if (start > end)
        {
            query.Fail(RestError.Parameter("startTime"));
        }

        if (query.Error is not null)
        {
            return;
        }

        w.Raw("["u8);
        if (history is not null)
        {
            Rows(w, history, parsed!.Value, Opens(history, parsed.Value, start, end, limit, now), now, source);
        }

        w.Raw("]"u8);
    }

    // With a start: from there on. Without: the newest ones up to the end.
    private static List<long> Opens(
        ISymbolHistory history, KlineInterval interval, long? start, long? end, int limit, long now)
    {
        List<long> opens = [];
        long last = Math.Min(end ?? now, now);
        if (start is { } from)
        {
            long open = interval.OpenOf(Math.Max(from, history.Spec.OnboardTime));
            open = open < from ? interval.NextOf(open) : open;
            for (; open <= last && opens.Count < limit; open = interval.NextOf(open))
            {
                opens.Add(open);
            }
        }
        else
        {
            for (long open = interval.OpenOf(last); open >= 0 && opens.Count < limit; open = interval.OpenOf(open - 1))
            {
                opens.Add(open);
            }

            opens.Reverse();
        }

        return opens;
    }

    private static void Rows(
        FrameWriter w, ISymbolHistory history, KlineInterval interval, List<long> opens, long now, Source source)
    {
        bool any = false;
        foreach (long open in opens)
        {
            if (source == Source.Trades)
            {
                if (KlineBuilder.Bar(history, interval, open, now) is { } bar)
                {
                    TradeRow(w, history.Spec, bar, interval.NextOf(open) - 1);
                    any = true;
                }
            }
            else
            {
                any |= PriceRow(w, history, open, interval.NextOf(open) - 1, now, source);
            }
        }

        if (any)
        {
            w.Drop();
        }
    }

    private static void TradeRow(FrameWriter w, SymbolSpec spec, in MarketBar bar, long closeTime)
    {
        int value = spec.PriceDecimals + spec.QuantityDecimals;
        w.Raw("["u8).Number(bar.OpenTime)
            .Raw(","u8).Quoted(bar.Open, spec.PriceDecimals)
            .Raw(","u8).Quoted(bar.High, spec.PriceDecimals)
            .Raw(","u8).Quoted(bar.Low, spec.PriceDecimals)
            .Raw(","u8).Quoted(bar.Close, spec.PriceDecimals)
            .Raw(","u8).Quoted(bar.Volume, spec.QuantityDecimals)
            .Raw(","u8).Number(closeTime)
            .Raw(","u8).Quoted(bar.QuoteVolume, value)
            .Raw(","u8).Number(bar.TradeCount)
            .Raw(","u8).Quoted(bar.TakerBuyVolume, spec.QuantityDecimals)
            .Raw(","u8).Quoted(bar.TakerBuyQuoteVolume, value)
            .Raw(",\"0\"],"u8);
    }

    // Bars of prices are made of the values of each second, the same that the mark price stream shows.
    private static bool PriceRow(
        FrameWriter w, ISymbolHistory history, long open, long closeTime, long now, Source source)
    {
        long first = 0;
        long high = long.MinValue;
        long low = long.MaxValue;
        long last = 0;
        int count = 0;
        for (long time = open; time <= Math.Min(closeTime, now); time += 1000)
        {
            if (history.MarkAt(time) is not { } mark)
            {
                continue;
            }

            long value = source switch
            {
                Source.Mark => mark.Mark,
                Source.Index => mark.Index,
                _ => (long)((Int128)(mark.Mark - mark.Index) * 100_000_000 / Math.Max(1, mark.Index)),
            };
            first = count == 0 ? value : first;
            high = Math.Max(high, value);
            low = Math.Min(low, value);
            last = value;
            count++;
        }

        if (count == 0)
        {
            return false;
        }

        w.Raw("["u8).Number(open)
            .Raw(","u8).Quoted(first, 8).Raw(","u8).Quoted(high, 8).Raw(","u8).Quoted(low, 8).Raw(","u8).Quoted(last, 8)
            .Raw(",\"0\","u8).Number(closeTime)
            .Raw(",\"0\","u8).Number(count).Raw(",\"0\",\"0\",\"0\"],"u8);
        return true;
    }
}
