using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Server;

/// <summary>The shapes of the venue's stream messages, as of late 2026.</summary>
internal static class StreamMessages
{
    public static void AggregateTrade(FrameWriter w, SymbolSpec spec, in TradePrint trade, long eventTime) => w
        .Raw("{\"e\":\"aggTrade\",\"E\":"u8).Number(eventTime)
        .Raw(",\"a\":"u8).Number(trade.Id)
        .Raw(",\"s\":\""u8).Text(spec.Symbol)
        .Raw("\",\"p\":"u8).Quoted(trade.Price, spec.PriceDecimals)
        .Raw(",\"q\":"u8).Quoted(trade.Quantity, spec.QuantityDecimals)
        .Raw(",\"nq\":"u8).Quoted(trade.QuantityWithoutRpi, spec.QuantityDecimals)
        .Raw(",\"f\":"u8).Number(trade.FirstId)
        .Raw(",\"l\":"u8).Number(trade.LastId)
        .Raw(",\"T\":"u8).Number(trade.Time)
        .Raw(",\"m\":"u8).Bool(trade.BuyerIsMaker)
        .Raw(",\"st\":1}"u8);

    public static void BookTicker(FrameWriter w, SymbolSpec spec, in TopQuote quote, long eventTime) => w
        .Raw("{\"e\":\"bookTicker\",\"u\":"u8).Number(quote.UpdateId)
        .Raw(",\"E\":"u8).Number(eventTime)
        .Raw(",\"T\":"u8).Number(quote.Time)
        .Raw(",\"s\":\""u8).Text(spec.Symbol)
        .Raw("\",\"ps\":\""u8).Text(spec.Pair)
        .Raw("\",\"b\":"u8).Quoted(quote.BidPrice, spec.PriceDecimals)
        .Raw(",\"B\":"u8).Quoted(quote.BidQuantity, spec.QuantityDecimals)
        .Raw(",\"a\":"u8).Quoted(quote.AskPrice, spec.PriceDecimals)
        .Raw(",\"A\":"u8).Quoted(quote.AskQuantity, spec.QuantityDecimals)
        .Raw(",\"st\":1}"u8);

    public static void Depth(
        FrameWriter w, SymbolSpec spec, long eventTime, long time, long first, long last, long previous,
        ReadOnlySpan<BookLevel> bids, ReadOnlySpan<BookLevel> asks)
    {
        w.Raw("{\"e\":\"depthUpdate\",\"E\":"u8).Number(eventTime)
            .Raw(",\"T\":"u8).Number(time)
            .Raw(",\"s\":\""u8).Text(spec.Symbol)
            .Raw("\",\"ps\":\""u8).Text(spec.Pair)
            .Raw("\",\"U\":"u8).Number(first)
            .Raw(",\"u\":"u8).Number(last)
            .Raw(",\"pu\":"u8).Number(previous)
            .Raw(",\"b\":"u8);
        Levels(w, spec, bids);
        w.Raw(",\"a\":"u8);
        Levels(w, spec, asks);
        w.Raw(",\"st\":1}"u8);
    }

    public static void Levels(FrameWriter w, SymbolSpec spec, ReadOnlySpan<BookLevel> levels)
    {
        w.Raw("["u8);
        foreach (BookLevel level in levels)
        {
            w.Raw("["u8).Quoted(level.Price, spec.PriceDecimals).Raw(","u8)
                .Quoted(level.Quantity, spec.QuantityDecimals).Raw("],"u8);
        }

        if (levels.Length > 0)
        {
            w.Drop();
        }

        w.Raw("]"u8);
    }

    public static void Kline(
        FrameWriter w, SymbolSpec spec, string interval, in MarketBar bar, long closeTime, bool isFinal, long eventTime)
    {
        int value = spec.PriceDecimals + spec.QuantityDecimals;
        w.Raw("{\"e\":\"kline\",\"E\":"u8).Number(eventTime)
            .Raw(",\"s\":\""u8).Text(spec.Symbol)
            .Raw("\",\"k\":{\"t\":"u8).Number(bar.OpenTime)
            .Raw(",\"T\":"u8).Number(closeTime)
            .Raw(",\"s\":\""u8).Text(spec.Symbol)
            .Raw("\",\"i\":\""u8).Text(interval)
            .Raw("\",\"f\":"u8).Number(bar.FirstId)
            .Raw(",\"L\":"u8).Number(bar.LastId)
            .Raw(",\"o\":"u8).Quoted(bar.Open, spec.PriceDecimals)
            .Raw(",\"c\":"u8).Quoted(bar.Close, spec.PriceDecimals)
            .Raw(",\"h\":"u8).Quoted(bar.High, spec.PriceDecimals)
            .Raw(",\"l\":"u8).Quoted(bar.Low, spec.PriceDecimals)
            .Raw(",\"v\":"u8).Quoted(bar.Volume, spec.QuantityDecimals)
            .Raw(",\"n\":"u8).Number(bar.TradeCount)
            .Raw(",\"x\":"u8).Bool(isFinal)
            .Raw(",\"q\":"u8).Quoted(bar.QuoteVolume, value)
            .Raw(",\"V\":"u8).Quoted(bar.TakerBuyVolume, spec.QuantityDecimals)
            .Raw(",\"Q\":"u8).Quoted(bar.TakerBuyQuoteVolume, value)
            .Raw(",\"B\":\"0\"}}"u8);
    }

    public static void MarkPrice(FrameWriter w, string symbol, in MarkPoint mark, int st) => w
        .Raw("{\"e\":\"markPriceUpdate\",\"E\":"u8).Number(mark.Time)
        .Raw(",\"s\":\""u8).Text(symbol)
        .Raw("\",\"p\":"u8).Quoted(mark.Mark, 8)
        .Raw(",\"ap\":"u8).Quoted(mark.MarkAverage, 8)
        .Raw(",\"i\":"u8).Quoted(mark.Index, 8)
        .Raw(",\"P\":"u8).Quoted(mark.EstimatedSettle, 8)
        .Raw(",\"r\":"u8).Quoted(mark.PredictedRate, 8)
        .Raw(",\"T\":"u8).Number(mark.NextFundingTime)
        .Raw(",\"st\":"u8).Number(st)
        .Raw("}"u8);

    public static void ForceOrder(
        FrameWriter w, string symbol, string pair, int priceDecimals, int quantityDecimals, in LiquidationPrint order,
            long eventTime,
        int st) => w
        .Raw("{\"e\":\"forceOrder\",\"E\":"u8).Number(eventTime)
        .Raw(",\"o\":{\"s\":\""u8).Text(symbol)
        .Raw("\",\"S\":\""u8).Raw(order.IsSell ? "SELL"u8 : "BUY"u8)
        .Raw("\",\"o\":\"LIMIT\",\"f\":\"IOC\",\"q\":"u8).Quoted(order.Quantity, quantityDecimals)
        .Raw(",\"p\":"u8).Quoted(order.Price, priceDecimals)
        .Raw(",\"ap\":"u8).Quoted(order.AveragePrice, priceDecimals)
        .Raw(",\"X\":\"FILLED\",\"l\":"u8).Quoted(order.Quantity, quantityDecimals)
        .Raw(",\"z\":"u8).Quoted(order.Quantity, quantityDecimals)
        .Raw(",\"T\":"u8).Number(order.Time)
        .Raw("},\"ps\":\""u8).Text(pair)
        .Raw("\",\"st\":"u8).Number(st)
        .Raw("}"u8);

    public static void ContractInfo(FrameWriter w, SymbolSpec spec, string status, long eventTime) => w
        .Raw("{\"e\":\"contractInfo\",\"E\":"u8).Number(eventTime)
        .Raw(",\"s\":\""u8).Text(spec.Symbol)
        .Raw("\",\"ps\":\""u8).Text(spec.Pair)
        .Raw("\",\"ct\":\""u8).Text(spec.ContractType)
        .Raw("\",\"dt\":4133404800000,\"ot\":"u8).Number(spec.OnboardTime)
        .Raw(",\"cs\":\""u8).Text(status)
        .Raw("\",\"st\":1}"u8);
}
