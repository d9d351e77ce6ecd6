using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Core.Symbols;

/// <summary>Which closed bar of one symbol was the newest.</summary>
internal sealed class BarState : ISavedState
{
    private long _newestOpenTime = -1;

    public long LastReceiveTime { get; private set; }

    /// <summary>Says whether a bar's values can be, whichever came before.</summary>
    public static Admission Validate(Bar bar)
    {
        if (!Bounds.IsPrice(bar.Low) || !Bounds.IsPrice(bar.High))
        {
            return Admission.InvalidPrice;
        }

        if (!Bounds.IsQuantity(bar.Volume) || !Bounds.IsQuantity(bar.QuoteVolume)
            || !Bounds.IsQuantity(bar.TakerBuyVolume)
            || !Bounds.IsQuantity(bar.TakerBuyQuoteVolume))
        {
            return Admission.InvalidQuantity;
        }

        return bar.Low > Math.Min(bar.Open, bar.Close) || bar.High < Math.Max(bar.Open, bar.Close)
            || bar.IntervalMs <= 0 || bar.OpenTime <= 0 || bar.OpenTime % bar.IntervalMs != 0 || bar.TradeCount < 0
            ? Admission.InvalidRecord : Admission.Accepted;
    }

    public Admission Admit(Bar bar)
    {
        Admission admission = Validate(bar);
        return admission.IsRejection() ? admission
            : bar.OpenTime == _newestOpenTime ? Admission.Duplicate
            : bar.OpenTime < _newestOpenTime ? Admission.OutOfOrder
            : Admission.Accepted;
    }

    public void Apply(in MarketEvent e, Bar bar)
    {
        _newestOpenTime = Math.Max(_newestOpenTime, bar.OpenTime);
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
