using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Core.Catalogue;

/// <summary>The series of the closed bars of one length: their fields as inputs of a graph.</summary>
internal sealed class BarSeries
{
    public BarSeries()
    {
        Open = Graph.Input("open");
        High = Graph.Input("high");
        Low = Graph.Input("low");
        Close = Graph.Input("close");
        Volume = Graph.Input("volume");
        QuoteVolume = Graph.Input("quote_volume");
        TradeCount = Graph.Input("trade_count");
        TakerBuyVolume = Graph.Input("taker_buy_volume");
    }

    public SeriesGraph Graph { get; } = new();

    public InputSeries Open { get; }

    public InputSeries High { get; }

    public InputSeries Low { get; }

    public InputSeries Close { get; }

    public InputSeries Volume { get; }

    public InputSeries QuoteVolume { get; }

    public InputSeries TradeCount { get; }

    public InputSeries TakerBuyVolume { get; }

    /// <summary>Sets the inputs from a closed bar; the graph does not move yet.</summary>
    public void Set(Bar bar)
    {
        // The one place where a bar's digits become doubles.
        Open.Set(DecimalDouble.ToDouble(bar.Open));
        High.Set(DecimalDouble.ToDouble(bar.High));
        Low.Set(DecimalDouble.ToDouble(bar.Low));
        Close.Set(DecimalDouble.ToDouble(bar.Close));
        Volume.Set(DecimalDouble.ToDouble(bar.Volume));
        QuoteVolume.Set(DecimalDouble.ToDouble(bar.QuoteVolume));
        TradeCount.Set(bar.TradeCount);
        TakerBuyVolume.Set(DecimalDouble.ToDouble(bar.TakerBuyVolume));
    }
}
