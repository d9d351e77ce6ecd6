using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Core.Operators;

namespace Feeds.Core.Symbols;

/// <summary>
/// The settlements of a symbol: what is worked out per settlement, and over windows of time that end at a row.
/// </summary>
internal sealed class FundingSeries : ISavedState
{
    private const long HourMs = 3_600_000;
    private const long DayMs = 24 * HourMs;

    // 31 days of hourly settlements, which are the densest.
    private readonly RecordHistory _settlements = new(31 * 24, AvailableTime.FundingLagMs, long.MaxValue);
    private readonly SeriesGraph _graph = new();
    private readonly InputSeries _rate;
    private readonly Series _zScore;
    private readonly Series _percentile;
    private readonly Series _ema;
    private readonly Series _change;
    private long _firstSlot = long.MaxValue;

    public FundingSeries()
    {
        _rate = _graph.Input("rate");
        _zScore = _graph.ZScore(_rate, 90);
        _percentile = _graph.Percentile(_rate, 90);
        _ema = _graph.Ema(_rate, 9);
        _change = _graph.Difference(_rate, 1);
    }

    public double Rate => _rate.Value;

    /// <summary>The rate scaled to eight hours by the hours since the settlement before; NaN for the first.</summary>
    public double RatePer8Hours { get; private set; } = double.NaN;

    public double ZScore => _zScore.Value;

    public double Percentile => _percentile.Value;

    public double Ema9 => _ema.Value;

    public double Change => _change.Value;

    /// <summary>Rate · 365 · 24 / hours between the two newest settlements.</summary>
    public double Annualized => Rate * 365 * 24 / IntervalHours;

    private double IntervalHours { get; set; } = double.NaN;

    private long NewestSlot => _settlements.NewestTime;

    /// <summary>Takes the next settlement; one that is not after the newest is passed over.</summary>
    public void Add(FundingSettlement settlement)
    {
        long slot = settlement.SlotTime;
        if (slot <= NewestSlot)
        {
            return;
        }

        IntervalHours = NewestSlot > 0 ? (slot - NewestSlot) / (double)HourMs : double.NaN;
        _firstSlot = Math.Min(_firstSlot, slot);
        _rate.Set(DecimalDouble.ToDouble(settlement.FundingRate));
        _graph.Step();
        RatePer8Hours = Rate * 8 / IntervalHours;
        _settlements.Add(slot, Rate, RatePer8Hours);
    }

    /// <summary>Hours to the next settlement, above 0; NaN when it is overdue or the interval is not known.</summary>
    public double HoursToNext(long time)
    {
        double hours = IntervalHours - ((time - NewestSlot) / (double)HourMs);
        return hours > 0 ? hours : double.NaN;
    }

    /// <summary>The rate known now − the rate known 24 h ago.</summary>
    public double ChangeOfDay(long time) => Rate - _settlements.AsOf(time - DayMs).First;

    /// <summary>
    /// Sum of the rates that became known in <c>(time − days, time]</c>; NaN until the history reaches back that far.
    /// </summary>
    public double Cumulative(long time, int days)
    {
        if (_firstSlot + AvailableTime.FundingLagMs > time - (days * DayMs))
        {
            return double.NaN;
        }

        double sum = 0;
        for (int i = FirstAfter(time - (days * DayMs)); i < _settlements.Count; i++)
        {
            sum += _settlements[i].First;
        }

        return sum;
    }

    /// <summary>
    /// z-score of the 8-hour rate among those known since <c>time − 30 d</c>; NaN until the history reaches back.
    /// </summary>
    public double ZScoreOf30Days(long time)
    {
        if (_firstSlot + AvailableTime.FundingLagMs > time - (30 * DayMs))
        {
            return double.NaN;
        }

        Moments moments = default;
        for (int i = FirstAfter(time - (30 * DayMs)); i < _settlements.Count; i++)
        {
            Moments one = Moments.Of(_settlements[i].Second);
            moments = moments.Count == 0 ? one : Moments.Combine(moments, one);
        }

        return moments.Std > 0 ? (RatePer8Hours - moments.Mean) / moments.Std : double.NaN;
    }

    public void Save(StateWriter writer)
    {
        writer.WriteInt64(_firstSlot);
        writer.WriteDouble(RatePer8Hours);
        writer.WriteDouble(IntervalHours);
        writer.WriteSection("settlements", 1, _settlements);
        _graph.Save(writer);
    }

    public void Load(ref StateReader reader)
    {
        _firstSlot = reader.ReadInt64();
        RatePer8Hours = reader.ReadDouble();
        IntervalHours = reader.ReadDouble();
        if (!reader.TryLoadSection("settlements", 1, _settlements) || _graph.Load(ref reader) > 0)
        {
            throw new StateFormatException("saved state: settlements are not whole");
        }

        reader.SkipRest();
    }

    // A settlement belongs to a window by the time from which it was known, as everything does.
    private int FirstAfter(long time)
    {
        int index = _settlements.Count;
        while (index > 0 && _settlements[index - 1].Time + AvailableTime.FundingLagMs > time)
        {
            index--;
        }

        return index;
    }
}
