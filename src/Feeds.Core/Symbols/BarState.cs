using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Core.Symbols;

/// <summary>Which closed bar of one symbol was the newest.</summary>
internal sealed class BarState : ISavedState
{
    private long _newestOpenTime = -1;

    public long LastReceiveTime { get; private set; }

    public Admission Admit(Bar bar)
    {
        decimal low = Math.Min(bar.Open, bar.Close);
        decimal high = Math.Max(bar.Open, bar.Close);
        if (bar.Low <= 0)
        {
            return Admission.InvalidPrice;
        }

        if (bar.Volume < 0 || bar.QuoteVolume < 0 || bar.TakerBuyVolume < 0 || bar.TakerBuyQuoteVolume < 0)
        {
            return Admission.InvalidQuantity;
        }

        if (bar.Low > low || bar.High < high || bar.IntervalMs <= 0 || bar.OpenTime % bar.IntervalMs != 0 || bar.TradeCount < 0)
        {
            return Admission.InvalidRecord;
        }

        return bar.OpenTime == _newestOpenTime ? Admission.Duplicate
            : bar.OpenTime < _newestOpenTime ? Admission.OutOfOrder
            : Admission.Accepted;
    }

    public void Apply(in MarketEvent e, Bar bar)
    {
        _newestOpenTime = bar.OpenTime;
        LastReceiveTime = e.ReceiveTime;
    }

    public void Save(StateWriter writer)
    {
        writer.WriteInt64(_newestOpenTime);
        writer.WriteInt64(LastReceiveTime);
    }

    public void Load(ref StateReader reader)
    {
        _newestOpenTime = reader.ReadInt64();
        LastReceiveTime = reader.ReadInt64();
    }
}
