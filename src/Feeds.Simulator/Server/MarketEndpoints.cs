using Feeds.Simulator.Faults;
using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Server;

/// <summary>Time, symbols, books, trades and present values.</summary>
internal sealed class MarketEndpoints(
    VenueTwinOptions options, VenueClock clock, RestSymbols symbols, FaultBoard faults)
{
    private const long TwoDays = 2 * 86_400_000L;

    public void AddTo(Dictionary<string, RestEndpoint> endpoints)
    {
        endpoints["/fapi/v1/ping"] = new(RestPool.Weight, static _ => 1, static (_, w, _) => w.Raw("{}"u8));
        endpoints["/fapi/v1/time"] = new(RestPool.Weight, static _ => 1, Time);
        endpoints["/fapi/v1/exchangeInfo"] = new(RestPool.Weight, static _ => 1, ExchangeInfo);
        endpoints["/fapi/v1/openInterest"] = new(RestPool.Weight, static _ => 1, OpenInterest);
        endpoints["/fapi/v1/premiumIndex"] = new(RestPool.Weight, static q => q.Has("symbol") ? 1 : 10, PremiumIndex);
        endpoints["/fapi/v1/depth"] = new(RestPool.Weight, DepthWeight, Depth);
        endpoints["/fapi/v1/aggTrades"] = new(RestPool.Weight, static _ => 20, AggregateTrades);
    }

    private static int DepthWeight(RestQuery query) => query.Text("limit") switch
    {
        "" => 1,
        "5" or "10" or "20" or "50" => 2,
        "100" => 5,
        "500" => 10,
        _ => 20,
    };

    private void Time(RestQuery query, FrameWriter w, long now) =>
        w.Raw("{\"serverTime\":"u8).Number(clock.Now + faults.SkewMs).Raw("}"u8);

    private void ExchangeInfo(RestQuery query, FrameWriter w, long now)
    {
        w.Raw("{\"timezone\":\"UTC\",\"serverTime\":"u8).Number(clock.Now + faults.SkewMs)
            .Raw(",\"futuresType\":\"U_MARGINED\",\"rateLimits\":[{\"rateLimitType\":\"REQUEST_WEIGHT\","u8)
            .Raw("\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":"u8).Number(options.RequestWeightLimit)
            .Raw("},{\"rateLimitType\":\"ORDERS\",\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":1200}],"u8)
            .Raw("\"exchangeFilters\":[],\"assets\":[{\"asset\":\"USDT\",\"marginAvailable\":true,"u8)
            .Raw("\"autoAssetExchange\":\"-10000\"}],\"symbols\":["u8);
        foreach (SymbolSpec spec in symbols.Specs)
        {
            Symbol(w, spec);
            w.Raw(","u8);
        }

        if (symbols.Specs.Count > 0)
        {
            w.Drop();
        }

        w.Raw("]}"u8);
    }

    private static void Symbol(FrameWriter w, SymbolSpec spec)
    {
        long delivery = spec.Trades ? 4_133_404_800_000 : spec.OnboardTime + (900 * 86_400_000L);
        w.Raw("{\"symbol\":\""u8).Text(spec.Symbol)
            .Raw("\",\"pair\":\""u8).Text(spec.Pair)
            .Raw("\",\"contractType\":\""u8).Text(spec.ContractType)
            .Raw("\",\"deliveryDate\":"u8).Number(delivery)
            .Raw(",\"onboardDate\":"u8).Number(spec.OnboardTime)
            .Raw(",\"status\":\""u8).Text(spec.Status)
            .Raw("\",\"maintMarginPercent\":\"2.5000\",\"requiredMarginPercent\":\"5.0000\",\"baseAsset\":\""u8).Text(
                spec.BaseAsset)
            .Raw("\",\"quoteAsset\":\""u8).Text(spec.QuoteAsset)
            .Raw("\",\"marginAsset\":\""u8).Text(spec.QuoteAsset)
            .Raw("\",\"pricePrecision\":"u8).Number(spec.PriceDecimals)
            .Raw(",\"quantityPrecision\":"u8).Number(spec.QuantityDecimals)
            .Raw(",\"baseAssetPrecision\":8,\"quotePrecision\":8,\"underlyingType\":\""u8).Text(spec.UnderlyingType)
            .Raw("\",\"underlyingSubType\":[],\"triggerProtect\":\"0.0500\","u8)
            .Raw("\"liquidationFee\":\"0.012500\",\"filters\":["u8)
            .Raw("{\"filterType\":\"PRICE_FILTER\",\"tickSize\":"u8).Quoted(spec.TickUnits, spec.PriceDecimals)
            .Raw(",\"minPrice\":"u8).Quoted(spec.TickUnits, spec.PriceDecimals)
            .Raw(",\"maxPrice\":\"1000000\"},{\"filterType\":\"LOT_SIZE\",\"stepSize\":"u8).Quoted(
                1, spec.QuantityDecimals)
            .Raw(",\"minQty\":"u8).Quoted(1, spec.QuantityDecimals)
            .Raw(",\"maxQty\":\"10000000\"},{\"filterType\":\"MARKET_LOT_SIZE\",\"stepSize\":"u8).Quoted(
                1, spec.QuantityDecimals)
            .Raw(",\"minQty\":"u8).Quoted(1, spec.QuantityDecimals)
            .Raw(",\"maxQty\":\"1000000\"},{\"filterType\":\"MIN_NOTIONAL\",\"notional\":\"5\"}],"u8)
            .Raw("\"orderTypes\":[\"LIMIT\",\"MARKET\"],\"timeInForce\":[\"GTC\",\"IOC\"]}"u8);
    }

    private void OpenInterest(RestQuery query, FrameWriter w, long now)
    {
        if (symbols.FindTrading(query) is not { } history)
        {
            return;
        }

        if (history.OpenInterest(now) is not { } units)
        {
            query.Fail(RestError.NotTrading);
            return;
        }

        w.Raw("{\"symbol\":\""u8).Text(history.Spec.Symbol)
            .Raw("\",\"openInterest\":"u8).Quoted(units, history.Spec.QuantityDecimals)
            .Raw(",\"time\":"u8).Number(now).Raw("}"u8);
    }

    private void PremiumIndex(RestQuery query, FrameWriter w, long now)
    {
        if (query.Has("symbol"))
        {
            if (symbols.Find(query) is { } history)
            {
                Premium(w, history, now);
            }
            else if (query.Error is null)
            {
                NoPremium(w, query.Text("symbol").ToUpperInvariant(), now);
            }

            return;
        }

        w.Raw("["u8);
        foreach (SymbolPublisher publisher in symbols.Publishers)
        {
            Premium(w, publisher.History, now);
            w.Raw(","u8);
        }

        foreach (SymbolSpec spec in symbols.Specs.Where(static spec => !spec.Trades))
        {
            NoPremium(w, spec.Symbol, now);
            w.Raw(","u8);
        }

        if (w.Written.Length > 1)
        {
            w.Drop();
        }

        w.Raw("]"u8);
    }

    private static void Premium(FrameWriter w, ISymbolHistory history, long now)
    {
        if (history.MarkAt(now / 1000 * 1000) is not { } mark)
        {
            NoPremium(w, history.Spec.Symbol, now);
            return;
        }

        w.Raw("{\"symbol\":\""u8).Text(history.Spec.Symbol)
            .Raw("\",\"markPrice\":"u8).Quoted(mark.Mark, 8)
            .Raw(",\"indexPrice\":"u8).Quoted(mark.Index, 8)
            .Raw(",\"estimatedSettlePrice\":"u8).Quoted(mark.EstimatedSettle, 8)
            .Raw(",\"lastFundingRate\":"u8).Quoted(mark.PredictedRate, 8)
            .Raw(",\"interestRate\":\"0.00010000\",\"nextFundingTime\":"u8).Number(mark.NextFundingTime)
            .Raw(",\"time\":"u8).Number(mark.Time).Raw("}"u8);
    }

    // What a symbol looks like there once it settled: listed, with no rate and no next settlement.
    private static void NoPremium(FrameWriter w, string symbol, long now) => w
        .Raw("{\"symbol\":\""u8).Text(symbol)
        .Raw("\",\"markPrice\":\"0.00000000\",\"indexPrice\":\"0.00000000\",\"estimatedSettlePrice\":\"0.00000000\","u8)
        .Raw("\"lastFundingRate\":\"\",\"interestRate\":\"\",\"nextFundingTime\":0,\"time\":"u8).Number(now).Raw("}"u8);

    private void Depth(RestQuery query, FrameWriter w, long now)
    {
        int limit = query.Text("limit") switch
        {
            "" or "500" => 500,
            "5" => 5,
            "10" => 10,
            "20" => 20,
            "50" => 50,
            "100" => 100,
            "1000" => 1000,
            _ => 0,
        };
        if (limit == 0)
        {
            query.Fail(RestError.InvalidDepthLimit);
        }

        if (symbols.FindTrading(query) is not { } history || query.Error is not null)
        {
            return;
        }

        // A snapshot behind the stream: what a client's cache or a slow server of the venue may hand out.
        Fault? stale = faults.Of("/fapi/v1/depth", history.Spec.Symbol, now).FirstOrDefault(
            static f => f.Kind == FaultKind.StaleSnapshot);
        long then = now - (long)(stale?.Delay.TotalMilliseconds ?? 0);
        BookImage book = history.Book(limit, then) ?? new BookImage(0, now, [], []);
        w.Raw("{\"lastUpdateId\":"u8).Number(book.UpdateId)
            .Raw(",\"E\":"u8).Number(now)
            .Raw(",\"T\":"u8).Number(book.Time)
            .Raw(",\"bids\":"u8);
        StreamMessages.Levels(w, history.Spec, book.Bids);
        w.Raw(",\"asks\":"u8);
        StreamMessages.Levels(w, history.Spec, book.Asks);
        w.Raw("}"u8);
    }

    private void AggregateTrades(RestQuery query, FrameWriter w, long now)
    {
        ISymbolHistory? history = symbols.FindTrading(query);
        int limit = query.Limit(500, 1000);
        long? fromId = query.Long("fromId");
        long? start = query.Long("startTime");
        long? end = query.Long("endTime");
        if (fromId is not null && (start is not null || end is not null))
        {
            query.Fail(new RestError(-1128, "Combination of optional parameters invalid."));
        }

        if (start < now - TwoDays || end < now - TwoDays)
        {
            query.Fail(RestError.OlderThanTwoDays);
        }

        if (query.Error is not null || history is null)
        {
            return;
        }

        List<TradePrint> trades = [];
        if (fromId is { } id)
        {
            history.TradesFrom(id, limit, now, trades);
            if (trades.Count > 0 && trades[0].Time < now - TwoDays)
            {
                query.Fail(RestError.OlderThanTwoDays);
                return;
            }
        }
        else if (start is null && end is null)
        {
            history.LastTrades(limit, now, trades);
        }
        else
        {
            history.TradesBetween(start ?? end!.Value - 3_600_000, end ?? now, limit, now, trades);
        }

        w.Raw("["u8);
        foreach (TradePrint trade in trades)
        {
            w.Raw("{\"a\":"u8).Number(trade.Id)
                .Raw(",\"p\":"u8).Quoted(trade.Price, history.Spec.PriceDecimals)
                .Raw(",\"q\":"u8).Quoted(trade.Quantity, history.Spec.QuantityDecimals)
                .Raw(",\"nq\":"u8).Quoted(trade.QuantityWithoutRpi, history.Spec.QuantityDecimals)
                .Raw(",\"f\":"u8).Number(trade.FirstId)
                .Raw(",\"l\":"u8).Number(trade.LastId)
                .Raw(",\"T\":"u8).Number(trade.Time)
                .Raw(",\"m\":"u8).Bool(trade.BuyerIsMaker).Raw("},"u8);
        }

        if (trades.Count > 0)
        {
            w.Drop();
        }

        w.Raw("]"u8);
    }
}
