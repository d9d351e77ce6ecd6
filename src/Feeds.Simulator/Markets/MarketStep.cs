namespace Feeds.Simulator.Markets;

/// <summary>What happened in a symbol's market during one step. Reused: read it before the next step.</summary>
internal sealed class MarketStep
{
    public List<TradePrint> Trades { get; } = [];

    /// <summary>Best prices in the order in which they changed.</summary>
    public List<TopQuote> Quotes { get; } = [];

    /// <summary>One point per whole second that passed and has one.</summary>
    public List<MarkPoint> Marks { get; } = [];

    /// <summary>Forced orders as they happened; the venue publishes a choice of them.</summary>
    public List<LiquidationPrint> Liquidations { get; } = [];

    /// <summary>True when the book may have changed.</summary>
    public bool BookMoved { get; set; }

    public void Clear()
    {
        Trades.Clear();
        Quotes.Clear();
        Marks.Clear();
        Liquidations.Clear();
        BookMoved = false;
    }
}
