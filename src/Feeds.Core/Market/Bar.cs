namespace Feeds.Core.Market;

/// <summary>
/// A closed bar over <c>[OpenTime, OpenTime + Interval)</c>, labelled by its open, with the exchange's own digits.
/// </summary>
/// <param name="OpenTime">Epoch ms, a multiple of <paramref name="IntervalMs"/>.</param>
/// <param name="IntervalMs">Length in ms; 60 000 for what streams and journals carry.</param>
/// <param name="Open">First price, quote currency, above 0.</param>
/// <param name="High">Highest price.</param>
/// <param name="Low">Lowest price.</param>
/// <param name="Close">Last price.</param>
/// <param name="Volume">Base asset, at least 0.</param>
/// <param name="QuoteVolume">Quote currency, at least 0.</param>
/// <param name="TakerBuyVolume">Base asset bought by takers, at most <paramref name="Volume"/>.</param>
/// <param name="TakerBuyQuoteVolume">Quote currency of the same.</param>
/// <param name="TradeCount">Number of trades; 0 in a minute without any.</param>
/// <param name="IsFilled">True when the exchange has no such bar and the close was carried.</param>
public sealed record Bar(
    long OpenTime,
    int IntervalMs,
    decimal Open,
    decimal High,
    decimal Low,
    decimal Close,
    decimal Volume,
    decimal QuoteVolume,
    decimal TakerBuyVolume,
    decimal TakerBuyQuoteVolume,
    int TradeCount,
    bool IsFilled = false)
{
    /// <summary>One minute in ms.</summary>
    public const int Minute = 60_000;

    /// <summary>The instant at which the bar ends, epoch ms, exclusive.</summary>
    public long EndTime => OpenTime + IntervalMs;
}
