namespace Feeds.Simulator.Markets;

/// <summary>
/// Open, high, low and close of an interval with its volumes. Prices are in price units, quantities in quantity units,
/// quote volumes in the product of both; a bar that saw no trade has four equal prices and zeros.
/// </summary>
public readonly record struct MarketBar
{
    /// <summary>First moment of the interval, epoch ms.</summary>
    public long OpenTime { get; init; }

    /// <summary>Price of the first trade.</summary>
    public long Open { get; init; }

    /// <summary>Highest price.</summary>
    public long High { get; init; }

    /// <summary>Lowest price.</summary>
    public long Low { get; init; }

    /// <summary>Price of the last trade.</summary>
    public long Close { get; init; }

    /// <summary>Quantity traded.</summary>
    public long Volume { get; init; }

    /// <summary>Sum of price × quantity.</summary>
    public Int128 QuoteVolume { get; init; }

    /// <summary>Raw trades.</summary>
    public long TradeCount { get; init; }

    /// <summary>Quantity that takers bought.</summary>
    public long TakerBuyVolume { get; init; }

    /// <summary>Sum of price × quantity that takers bought.</summary>
    public Int128 TakerBuyQuoteVolume { get; init; }

    /// <summary>First raw trade id; −1 when there was none.</summary>
    public long FirstId { get; init; }

    /// <summary>Last raw trade id; −1 when there was none.</summary>
    public long LastId { get; init; }

    /// <summary>Returns a bar without trades that carries the price before it.</summary>
    public static MarketBar Empty(long openTime, long price) =>
        new()
        {
            OpenTime = openTime,
            Open = price,
            High = price,
            Low = price,
            Close = price,
            FirstId = -1,
            LastId = -1,
        };

    /// <summary>Returns the bar with one more trade, which must not be older than the ones inside.</summary>
    public MarketBar With(in TradePrint trade)
    {
        Int128 value = (Int128)trade.Price * trade.Quantity;
        bool first = TradeCount == 0;
        return this with
        {
            Open = first ? trade.Price : Open,
            High = first ? trade.Price : Math.Max(High, trade.Price),
            Low = first ? trade.Price : Math.Min(Low, trade.Price),
            Close = trade.Price,
            Volume = Volume + trade.Quantity,
            QuoteVolume = QuoteVolume + value,
            TradeCount = TradeCount + trade.LastId - trade.FirstId + 1,
            TakerBuyVolume = TakerBuyVolume + (trade.BuyerIsMaker ? 0 : trade.Quantity),
            TakerBuyQuoteVolume = TakerBuyQuoteVolume + (trade.BuyerIsMaker ? 0 : value),
            FirstId = first ? trade.FirstId : FirstId,
            LastId = trade.LastId,
        };
    }

    /// <summary>Returns the bar with a later bar added at its end.</summary>
    public MarketBar With(in MarketBar later) => TradeCount == 0
        ? later with { OpenTime = OpenTime }
        : later.TradeCount == 0
            ? this
            : this with
            {
                High = Math.Max(High, later.High),
                Low = Math.Min(Low, later.Low),
                Close = later.Close,
                Volume = Volume + later.Volume,
                QuoteVolume = QuoteVolume + later.QuoteVolume,
                TradeCount = TradeCount + later.TradeCount,
                TakerBuyVolume = TakerBuyVolume + later.TakerBuyVolume,
                TakerBuyQuoteVolume = TakerBuyQuoteVolume + later.TakerBuyQuoteVolume,
                LastId = later.LastId,
            };
}
