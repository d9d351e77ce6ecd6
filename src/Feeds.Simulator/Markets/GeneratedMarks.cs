namespace Feeds.Simulator.Markets;

/// <summary>Mark price, index price and predicted funding of a generated symbol at any whole second.</summary>
internal sealed class GeneratedMarks
{
    private readonly GeneratedPrices _prices;

    public GeneratedMarks(GeneratedPrices prices)
    {
        _prices = prices;
        Slow = new SlowSeries(
            prices.Spec, prices.Key, prices.LogAt, prices.PremiumAt,
            minute => prices.Day(minute / MarketWalk.Minutes).Burst[minute % MarketWalk.Minutes]);
    }

    /// <summary>The symbol's slow series.</summary>
    public SlowSeries Slow { get; }

    public MarkPoint At(long time)
    {
        (double mark, double index) = _prices.MarkAndIndex(time / 1000);
        (double before, _) = _prices.MarkAndIndex((time / 1000) - 5);
        long interval = Slow.FundingInterval;
        return new MarkPoint(
            time, Units(mark), Units(index), Units((mark + before) / 2), Units((mark + index) / 2), Slow.PredictedRate(
                time),
            ((time / interval) + 1) * interval);
    }

    private static long Units(double price) => (long)Math.Floor((price * 1e8) + 0.5);
}
