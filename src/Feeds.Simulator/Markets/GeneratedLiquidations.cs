namespace Feeds.Simulator.Markets;

/// <summary>
/// Forced orders of a generated symbol, second by second: rare in quiet times, many in bursts, mostly of those whom the
/// price moves against. Not safe from several threads.
/// </summary>
internal sealed class GeneratedLiquidations
{
    private readonly GeneratedPrices _prices;
    private readonly ulong _key;
    private readonly double _quiet;
    private readonly double _typicalQuantity;

    public GeneratedLiquidations(GeneratedPrices prices)
    {
        _prices = prices;
        _key = prices.Key + 80;
        SymbolSpec spec = prices.Spec;
        _quiet = 0.002 * spec.TradesPerSecond;
        _typicalQuantity = spec.TypicalTradeValue * 2 / spec.BasePrice;
        for (int i = 0; i < spec.QuantityDecimals; i++)
        {
            _typicalQuantity *= 10;
        }
    }

    /// <summary>Adds the forced orders of a second (since the epoch), oldest first.</summary>
    public void Second(long second, List<LiquidationPrint> into)
    {
        MinutePath path = _prices.Minute(second / 60);
        double excess = path.Burst - 1;
        double expected = _quiet * (1 + (6 * excess * excess));
        ulong bits = Noise.Hash(_key, second);
        double u = Noise.Unit(bits);
        int count = u < expected ? 1 : 0;
        for (double share = expected * 0.5; count > 0 && count < 8 && u < share; share *= 0.5)
        {
            count++;
        }

        int at = (int)(second % 60) * 10;
        double moved = path.Trend[at + 10] + path.Wiggle[at + 10] - path.Trend[Math.Max(
            0, at - 50)] - path.Wiggle[Math.Max(0, at - 50)];
        int before = 0;
        for (int i = 0; i < count; i++)
        {
            bits = Noise.Mix(bits + (ulong)i);
            before += (int)(bits % (ulong)Math.Max(1, (1000 - before) / (count - i)));
            bool falling = moved < 0;
            bool sell = (bits >> 20 & 7) == 0 ? !falling : falling;
            (long bid, long ask) = _prices.Touch(((second * 1000) + before) / 100);
            long price = (sell ? bid : ask) * _prices.Spec.TickUnits;
            double size = 0.1 + (0.5 / (0.02 + Noise.Unit(Noise.Mix(bits))));
            long away = (price / 250 / _prices.Spec.TickUnits) * _prices.Spec.TickUnits;
            into.Add(new LiquidationPrint(
                (second * 1000) + before, sell, Math.Max(1, (long)(_typicalQuantity * size)), sell
                    ? price - away
                    : price + away, price));
        }
    }
}
