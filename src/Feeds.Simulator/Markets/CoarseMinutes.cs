namespace Feeds.Simulator.Markets;

/// <summary>
/// Bars of minutes whose trades nobody can ask for any more: drawn from the price's walk alone, without the tape, so
/// that weeks of them cost milliseconds. Not safe from several threads.
/// </summary>
internal sealed class CoarseMinutes(GeneratedPrices prices, GeneratedTrades trades)
{
    private readonly ulong _key = prices.Key + 300;

    /// <summary>Returns the bar of a minute.</summary>
    public MarketBar Bar(long minute)
    {
        long open = PriceAt(minute);
        long id = trades.FirstIdOf(minute);
        long count = trades.FirstIdOf(minute + 1) - id;
        if (count <= 0)
        {
            return MarketBar.Empty(minute * 60_000, open);
        }

        ulong bits = Noise.Hash(_key, minute);
        double spread = 0.6 * prices.Day(minute / MarketWalk.Minutes).Sigma[minute % MarketWalk.Minutes];
        long close = PriceAt(minute + 1);
        long tick = prices.Spec.TickUnits;
        long high = Math.Max(open, close) + ((long)(Math.Max(open, close) * spread * Noise.Unit(bits)) / tick * tick);
        long low = Math.Min(
            open, close) - ((long)(Math.Min(open, close) * spread * Noise.Unit(Noise.Mix(bits))) / tick * tick);
        long volume = Math.Max(
            1, (long)(count * trades.TypicalQuantity * (0.5 + Noise.Unit(Noise.Hash(_key + 1, minute)))));
        long bought = (long)(volume * (0.3 + (0.4 * Noise.Unit(Noise.Hash(_key + 2, minute)))));
        long mean = (open + close) / 2;
        return new MarketBar
        {
            OpenTime = minute * 60_000,
            Open = open,
            High = high,
            Low = Math.Max(tick, low),
            Close = close,
            Volume = volume,
            QuoteVolume = (Int128)mean * volume,
            TradeCount = trades.RawId(id + count) - trades.RawId(id),
            TakerBuyVolume = bought,
            TakerBuyQuoteVolume = (Int128)mean * bought,
            FirstId = trades.RawId(id),
            LastId = trades.RawId(id + count) - 1,
        };
    }

    private long PriceAt(long minute) => prices.MidAt(minute) * prices.Spec.TickUnits;
}
