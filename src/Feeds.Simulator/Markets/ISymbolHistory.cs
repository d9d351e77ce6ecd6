namespace Feeds.Simulator.Markets;

/// <summary>
/// What a symbol's past is asked for over REST. Every question names the venue's present (<c>now</c>, epoch ms):
/// nothing later is told. Implementations lock themselves: any thread may ask.
/// </summary>
internal interface ISymbolHistory
{
    /// <summary>What the symbol is.</summary>
    SymbolSpec Spec { get; }

    /// <summary>
    /// Adds at most <paramref name="limit"/> trades from an id on; true when the id is known or yet to come.
    /// </summary>
    void TradesFrom(long id, int limit, long now, List<TradePrint> into);

    /// <summary>Adds at most <paramref name="limit"/> trades with a time in [start, end].</summary>
    void TradesBetween(long start, long end, int limit, long now, List<TradePrint> into);

    /// <summary>Adds the newest trades, oldest first.</summary>
    void LastTrades(int limit, long now, List<TradePrint> into);

    /// <summary>The bar of a minute with the trades up to now; null when nothing is known of that minute.</summary>
    MarketBar? Minute(long minute, long now);

    /// <summary>Mark and index at a whole second not after now; null when nothing is known.</summary>
    MarkPoint? MarkAt(long time);

    /// <summary>Open interest in quantity units; null when nothing is known.</summary>
    long? OpenInterest(long time);

    /// <summary>Share of long accounts or positions; null when nothing is known.</summary>
    double? LongShare(int kind, long time);

    /// <summary>
    /// Rate of the settlement at a multiple of the funding interval, × 10^8; null when there was none.
    /// </summary>
    long? SettledRate(long slot);

    /// <summary>The moment that the venue writes on a settlement.</summary>
    long SettlementTime(long slot);

    /// <summary>
    /// Fills the best levels of a side of the present book; returns how many. The id and time are those of that book.
    /// </summary>
    BookImage? Book(int depth, long now);
}
