using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Core.Symbols;

/// <summary>The newest mark and index price of one source: the stream or the polled premium index.</summary>
internal sealed class MarkState : ISavedState
{
    private long _eventTime;

    public long ReceiveTime { get; private set; }

    public double MarkPrice { get; private set; } = double.NaN;

    public double IndexPrice { get; private set; } = double.NaN;

    public double PredictedFundingRate { get; private set; } = double.NaN;

    /// <summary>(mark − index) / index, fraction.</summary>
    public double Basis => (MarkPrice - IndexPrice) / IndexPrice;

    public Admission Admit(in MarketEvent e)
    {
        if (!Bounds.IsPrice(e.MarkPrice) || !Bounds.IsPrice(e.IndexPrice))
        {
            return Admission.InvalidPrice;
        }

        if (double.IsInfinity(e.PredictedFundingRate))
        {
            return Admission.InvalidRecord;
        }

        if (e.EventTime == _eventTime)
        {
            return e.Kind == EventKind.Mark ? Admission.Duplicate : Admission.Accepted;
        }

        return e.EventTime < _eventTime ? Admission.OutOfOrder : Admission.Accepted;
    }

    public void Apply(in MarketEvent e)
    {
        _eventTime = e.EventTime;
        ReceiveTime = e.ReceiveTime;
        MarkPrice = e.MarkPrice;
        IndexPrice = e.IndexPrice;
        PredictedFundingRate = e.PredictedFundingRate;
    }

    public void Save(StateWriter writer)
    {
        writer.WriteInt64(_eventTime);
        writer.WriteInt64(ReceiveTime);
        writer.WriteDouble(MarkPrice);
        writer.WriteDouble(IndexPrice);
        writer.WriteDouble(PredictedFundingRate);
    }

    public void Load(ref StateReader reader)
    {
        _eventTime = reader.ReadInt64();
        ReceiveTime = reader.ReadInt64();
        MarkPrice = reader.ReadDouble();
        IndexPrice = reader.ReadDouble();
        PredictedFundingRate = reader.ReadDouble();
    }
}
