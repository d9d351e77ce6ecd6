namespace Feeds.Core.Market;

/// <summary>The side of an order or of a trade's taker.</summary>
public enum Side : byte
{
    /// <summary>Bought; a forced BUY closes a short position.</summary>
    Buy = 0,

    /// <summary>Sold; a forced SELL closes a long position.</summary>
    Sell = 1,
}
