using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Core.Bars;

/// <summary>
/// Makes bars of one length out of one-minute bars without holes. Sums are decimal, so a built bar has the digits of
/// the exchange's own. A period whose first minute was not seen gives no bar.
/// </summary>
internal sealed class BarBuilder(int lengthMs) : ISavedState
{
    private Bar? _forming;

    public int LengthMs => lengthMs;

    /// <summary>Takes the next minute. Returns the bar that it closes, null when it closes none.</summary>
    public Bar? Add(Bar minute)
    {
        long open = minute.OpenTime - (minute.OpenTime % lengthMs);
        if (minute.OpenTime == open)
        {
            _forming = minute with { IntervalMs = lengthMs };
        }
        else if (_forming is { } bar && bar.OpenTime == open)
        {
            _forming = bar with
            {
                High = Math.Max(bar.High, minute.High),
                Low = Math.Min(bar.Low, minute.Low),
                Close = minute.Close,
                Volume = bar.Volume + minute.Volume,
                QuoteVolume = bar.QuoteVolume + minute.QuoteVolume,
                TakerBuyVolume = bar.TakerBuyVolume + minute.TakerBuyVolume,
                TakerBuyQuoteVolume = bar.TakerBuyQuoteVolume + minute.TakerBuyQuoteVolume,
                TradeCount = bar.TradeCount + minute.TradeCount,
                IsFilled = bar.IsFilled && minute.IsFilled,
            };
        }

        if (_forming is { } complete && complete.EndTime == minute.EndTime)
        {
            _forming = null;
            return complete;
        }

        return null;
    }

    public void Save(StateWriter writer)
    {
        writer.WriteBoolean(_forming is not null);
        if (_forming is { } bar)
        {
            SavedRecords.Write(writer, bar);
        }
    }

    public void Load(ref StateReader reader) => _forming = reader.ReadBoolean()
        ? SavedRecords.ReadBar(ref reader) : null;
}
