using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Core.Symbols;

/// <summary>What is kept of a symbol's trades: which ids were seen.</summary>
internal sealed class TradeState : ISavedState
{
    private long _highestEventTime;

    public IdChain Ids { get; } = new();

    public Admission Admit(in MarketEvent trade)
    {
        if (!Bounds.IsPrice(trade.Price))
        {
            return Admission.InvalidPrice;
        }

        if (!Bounds.IsQuantity(trade.Quantity) || !Bounds.IsQuantity(trade.QuantityWithoutRpi))
        {
            return Admission.InvalidQuantity;
        }

        if (trade.TradeId < 0)
        {
            return Admission.InvalidRecord;
        }

        return Ids.Contains(trade.TradeId) && !IsRenumbered(trade) ? Admission.Duplicate : Admission.Accepted;
    }

    /// <summary>True when ids were skipped.</summary>
    public bool Apply(in MarketEvent trade)
    {
        if (Ids.Contains(trade.TradeId))
        {
            Ids.Restart(trade.TradeId);
            _highestEventTime = trade.EventTime;
            return false;
        }

        _highestEventTime = Math.Max(_highestEventTime, trade.EventTime);
        return Ids.Add(trade.TradeId);
    }

    public void Save(StateWriter writer)
    {
        writer.WriteInt64(_highestEventTime);
        Ids.Save(writer);
    }

    public void Load(ref StateReader reader)
    {
        _highestEventTime = reader.ReadInt64();
        Ids.Load(ref reader);
    }

    // Ids rise with time. A known id at a later time than any seen is another trade: the numbering started again
    // (relisting).
    private bool IsRenumbered(in MarketEvent trade) => trade.IsFromStream && trade.EventTime > _highestEventTime;
}
