using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Core.Symbols;

/// <summary>
/// What is kept of polled records: open interest now, the two newest 5-minute open-interest records, the last
/// settlement.
/// </summary>
internal sealed class SlowState : ISavedState
{
    private const int HistoryPeriodMs = 300_000;

    private long _openInterestTime;
    private long _newestHistoryTime;
    private double _newestHistory = double.NaN;
    private double _previousHistory = double.NaN;
    private long _fundingSlot;

    public double OpenInterest { get; private set; } = double.NaN;

    public long OpenInterestReceiveTime { get; private set; }

    public long HistoryReceiveTime { get; private set; }

    public double FundingRate { get; private set; } = double.NaN;

    /// <summary>
    /// 100·(ln OI_t − ln OI_{t−1}) over the two newest 5-minute records; NaN when one is missing or 0.
    /// </summary>
    public double OpenInterestPct =>
        _newestHistory > 0 && _previousHistory > 0
            ? 100 * (DeterministicMath.Log(_newestHistory) - DeterministicMath.Log(_previousHistory))
            : double.NaN;

    public Admission AdmitOpenInterest(in MarketEvent e)
    {
        OpenInterestRecord record = e.OpenInterest;
        if (record.OpenInterest < 0 || record.OpenInterestValue < 0)
        {
            return Admission.InvalidQuantity;
        }

        return record.PeriodMs switch
        {
            // The exchange may answer with the same stamp twice; a repeated answer still says that the source lives.
            0 => e.EventTime < _openInterestTime ? Admission.OutOfOrder : Admission.Accepted,
            HistoryPeriodMs when e.EventTime == _newestHistoryTime => Admission.Duplicate,
            HistoryPeriodMs when e.EventTime < _newestHistoryTime => Admission.OutOfOrder,
            _ => Admission.Accepted,
        };
    }

    public void ApplyOpenInterest(in MarketEvent e)
    {
        OpenInterestRecord record = e.OpenInterest;
        double value = (double)record.OpenInterest;
        if (record.PeriodMs == 0)
        {
            OpenInterest = value;
            _openInterestTime = e.EventTime;
            OpenInterestReceiveTime = e.ReceiveTime;
        }
        else if (record.PeriodMs == HistoryPeriodMs && e.EventTime > _newestHistoryTime)
        {
            // A hole between the two records would make their change one of another span.
            bool adjacent = e.EventTime - _newestHistoryTime == HistoryPeriodMs;
            _previousHistory = adjacent ? _newestHistory : double.NaN;
            _newestHistory = value;
            _newestHistoryTime = e.EventTime;
            HistoryReceiveTime = e.ReceiveTime;
        }
    }

    public Admission AdmitFunding(in MarketEvent e)
    {
        FundingSettlement settlement = e.Funding;
        if (settlement.MarkPrice < 0)
        {
            return Admission.InvalidPrice;
        }

        return settlement.SlotTime == _fundingSlot ? Admission.Duplicate
            : settlement.SlotTime < _fundingSlot ? Admission.OutOfOrder
            : Admission.Accepted;
    }

    public void ApplyFunding(in MarketEvent e)
    {
        _fundingSlot = e.Funding.SlotTime;
        FundingRate = (double)e.Funding.FundingRate;
    }

    public void Save(StateWriter writer)
    {
        writer.WriteInt64(_openInterestTime);
        writer.WriteInt64(_newestHistoryTime);
        writer.WriteInt64(OpenInterestReceiveTime);
        writer.WriteInt64(HistoryReceiveTime);
        writer.WriteInt64(_fundingSlot);
        writer.WriteDouble(_newestHistory);
        writer.WriteDouble(_previousHistory);
        writer.WriteDouble(OpenInterest);
        writer.WriteDouble(FundingRate);
    }

    public void Load(ref StateReader reader)
    {
        _openInterestTime = reader.ReadInt64();
        _newestHistoryTime = reader.ReadInt64();
        OpenInterestReceiveTime = reader.ReadInt64();
        HistoryReceiveTime = reader.ReadInt64();
        _fundingSlot = reader.ReadInt64();
        _newestHistory = reader.ReadDouble();
        _previousHistory = reader.ReadDouble();
        OpenInterest = reader.ReadDouble();
        FundingRate = reader.ReadDouble();
    }
}
