using Feeds.Core.Bars;
using Feeds.Core.Catalogue;
using Feeds.Core.Coverage;
using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Core.Windows;

namespace Feeds.Core.Symbols;

/// <summary>
/// The fold of the wide set: a row of <see cref="FeatureCatalogue.Wide"/> at the end of each 5-minute bar, made of that
/// bar and of every other record known at its end. As pure as <see cref="SymbolState"/>, and built of the same
/// operators.
/// </summary>
/// <remarks>
/// Give it settlements, bars, context bars, open interest, ratios, mark and index bars and liquidations in any order,
/// each before the tick at which it must be known; a <see cref="EventKind.FeedConnected"/> of liquidations says from
/// when those were recorded.
/// </remarks>
public sealed class WideState : ISavedState
{
    /// <summary>The distance of rows, ms.</summary>
    public const int BarMs = 300_000;

    private static readonly int[] BarLengthsMs = [Bar.Minute, BarMs];

    private readonly Symbol _symbol;
    private readonly RestingRecords _resting = new(AvailableTime.AtBarEnd);
    private readonly BarLadder _ladder;
    private readonly LiquidationState _orders = new();
    private readonly RecordHistory _openInterest = new(8, BarMs, 3 * BarMs);
    private readonly RecordHistory _ratio = new(8, BarMs, 3 * BarMs);
    private readonly RecordHistory _mark = new(8, 0, 3 * BarMs);
    private readonly RecordHistory _index = new(8, 0, 3 * BarMs);
    private readonly FeedCoverage _liquidationCoverage = new(Feed.Liquidations);
    private readonly MinuteCloses _own = new();
    private readonly Func<double>[] _readers;
    private Bar? _closed;
    private long _next;

    /// <summary>Makes the empty state of a symbol, compared with the context's symbols.</summary>
    public WideState(Symbol symbol, ContextSymbols context)
    {
        _symbol = symbol;
        _ladder = new BarLadder(BarLengthsMs, CloseBar);
        Context = new ContextMinutes(symbol, _own, maxBehind: 0);
        Context.Use(context);
        _readers = [.. WideFeatures.All.Select(f => f.Bind(this))];
    }

    internal BarSeries Bars { get; } = new();

    internal SeriesGraph Graph => Bars.Graph;

    internal FundingSeries Funding { get; } = new();

    internal ContextMinutes Context { get; }

    internal LiquidationWindow Liquidations { get; } = new(8 * 3600);

    /// <summary>The end of the bar whose row is being made, epoch ms.</summary>
    internal long Time { get; private set; }

    internal double MinutesSinceLiquidation =>
        Liquidations.LastAtOrBefore(Time) is > 0 and var last ? (Time - last) / 60_000.0 : double.NaN;

    /// <summary>
    /// Says whether a record may be applied: whole, not known already, and not before what rows were made of.
    /// </summary>
    public Admission Admit(in MarketEvent e)
    {
        if (!Bounds.AreTimes(e.EventTime, e.ReceiveTime))
        {
            return Admission.InvalidTime;
        }

        return e.Kind switch
        {
            EventKind.Bar => Check(BarState.Validate(e.Bar), e.Bar.IntervalMs == Bar.Minute && _ladder.Takes(e.Bar), e),
            EventKind.ContextBar => Check(BarState.Validate(e.ContextBar.Bar), Context.Takes(e.ContextBar), e),
            EventKind.MarkBar or EventKind.IndexBar => BarState.Validate(e.Bar),
            EventKind.Liquidation => _orders.Admit(e),
            EventKind.OpenInterest => e.OpenInterest.OpenInterest < 0 ? Admission.InvalidQuantity : Admission.Accepted,
            EventKind.LongShortRatio => e.LongShortRatio.Ratio < 0 ? Admission.InvalidRecord : Admission.Accepted,
            EventKind.None or > EventKind.IndexBar => Admission.UnknownKind,
            _ => Admission.Accepted,
        };
    }

    /// <summary>
    /// Applies an admitted event. A <see cref="EventKind.Tick"/> adds the rows of all bars that ended at least
    /// <see cref="AvailableTime.BarLagMs"/> before it, in order; a bar that is missing is waited for until a later one
    /// comes.
    /// </summary>
    public void Apply(in MarketEvent e, ICollection<FeatureRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        switch (e.Kind)
        {
            case EventKind.Tick or EventKind.TickSkipped:
                Advance(e.EventTime, rows);
                break;
            case EventKind.Bar:
                long end = ((e.Bar.OpenTime / BarMs) + 1) * BarMs;
                _next = _next == 0 ? end : _ladder.NewestEnd(0) == 0 ? Math.Min(_next, end) : _next;
                _resting.Add(e);
                break;
            case EventKind.OpenInterest when e.OpenInterest.PeriodMs != BarMs:
                break;
            case EventKind.LongShortRatio when e.LongShortRatio is not { Kind: RatioKind.TopAccounts, PeriodMs: BarMs }:
                break;
            case EventKind.Liquidation:
                _orders.Apply(e, counts: false);
                _resting.Add(e);
                break;
            case EventKind.FeedConnected when e.Feed == Feed.Liquidations:
                _liquidationCoverage.Connected(e.ReceiveTime);
                break;
            case EventKind.FeedDisconnected when e.Feed == Feed.Liquidations:
                _liquidationCoverage.Disconnected(e.ReceiveTime, e.Reason);
                break;
            case EventKind.Gap when e.Gap.Feed == Feed.Liquidations:
                _liquidationCoverage.AddHole(
                    new CoverageHole(e.Gap.FromTime, e.Gap.ToTime, e.Gap.Reason, IsFilled: false));
                break;
            default:
                if (AvailableTime.Waits(e.Kind))
                {
                    _resting.Add(e);
                }

                break;
        }
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.WriteInt64(_next);
        foreach ((string name, ISavedState part) in Parts())
        {
            writer.WriteSection(name, 1, part);
        }

        int token = writer.BeginSection("bars", 1);
        Graph.Save(writer);
        writer.EndSection(token);
    }

    /// <inheritdoc/>
    public void Load(ref StateReader reader)
    {
        _next = reader.ReadInt64();
        foreach ((string name, ISavedState part) in Parts())
        {
            if (!reader.TryLoadSection(name, 1, part))
            {
                throw new StateFormatException($"saved state: section {name} is missing or of another version");
            }
        }

        if (!reader.TryFindSection("bars", 1, out StateReader section) || Graph.Load(ref section) > 0)
        {
            throw new StateFormatException("saved state: an operator is missing or of another version");
        }

        reader.SkipRest();
    }

    internal double OpenInterest() => _openInterest.AsOf(Time).First;

    internal double OpenInterestValue() => _openInterest.AsOf(Time).Second;

    internal double LongShortRatio() => _ratio.AsOf(Time).First;

    internal double Basis()
    {
        double index = _index.AsOf(Time).First;
        return (_mark.AsOf(Time).First - index) / index;
    }

    /// <summary>A measure of the liquidations in a window that ends now; NaN unless all of it was recorded.</summary>
    internal double Liquidated(int hours, Func<LiquidationTotals, double> measure)
    {
        long windowMs = hours * 3_600_000L;
        return _liquidationCoverage.CoveredMs(Time - windowMs, Time) == windowMs
            ? measure(Liquidations.Totals(Time, hours * 3600)) : double.NaN;
    }

    private IEnumerable<(string Name, ISavedState Part)> Parts()
    {
        yield return ("resting", _resting);
        yield return ("ladder", _ladder);
        yield return ("orders", _orders);
        yield return ("open_interest", _openInterest);
        yield return ("ratio", _ratio);
        yield return ("mark", _mark);
        yield return ("index", _index);
        yield return ("coverage", _liquidationCoverage);
        yield return ("own", _own);
        yield return ("context", Context);
        yield return ("funding", Funding);
        yield return ("liquidations", Liquidations);
    }

    private Admission Check(Admission admission, bool isNew, in MarketEvent e) =>
        admission.IsRejection() ? admission
        : !isNew ? Admission.OutOfOrder
        : _resting.Holds(e) ? Admission.Duplicate
        : Admission.Accepted;

    private void Advance(long tickTime, ICollection<FeatureRow> rows)
    {
        while (_next > 0 && _next + AvailableTime.BarLagMs <= tickTime)
        {
            // Without the bar that ends here, or a later one that proves it missing, the row cannot be made yet.
            if (!_resting.HasMinuteAfter(_next - 1) && _ladder.NewestEnd(0) < _next)
            {
                return;
            }

            Time = _next;
            _resting.Release(_next, this, static (state, e) => state.Release(e));
            if (_resting.HasMinuteAfter(_next))
            {
                _ladder.FillUntil(_next);
            }

            _next += BarMs;
            if (_closed is { } bar && bar.EndTime == Time)
            {
                rows.Add(MakeRow(bar));
            }

            _closed = null;
        }
    }

    private FeatureRow MakeRow(Bar bar)
    {
        Bars.Set(bar);
        Context.Refresh();
        Graph.Step();
        double[] values = new double[_readers.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _readers[i]();
        }

        return new FeatureRow(Time, _symbol, values);
    }

    private void CloseBar(int index, Bar bar)
    {
        if (index == 0)
        {
            _own.Add(bar);
        }
        else
        {
            _closed = bar;
        }
    }

    private void Release(in MarketEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.Bar:
                _ladder.Add(e.Bar);
                break;
            case EventKind.ContextBar:
                Context.Add(e.ContextBar);
                break;
            case EventKind.OpenInterest:
                decimal? value = e.OpenInterest.OpenInterestValue;
                _openInterest.Add(
                    e.EventTime,
                    DecimalDouble.ToDouble(e.OpenInterest.OpenInterest),
                    value is null ? double.NaN : DecimalDouble.ToDouble(value.Value));
                break;
            case EventKind.LongShortRatio:
                _ratio.Add(e.EventTime, DecimalDouble.ToDouble(e.LongShortRatio.Ratio), 0);
                break;
            case EventKind.MarkBar:
                _mark.Add(e.Bar.EndTime, DecimalDouble.ToDouble(e.Bar.Close), 0);
                break;
            case EventKind.IndexBar:
                _index.Add(e.Bar.EndTime, DecimalDouble.ToDouble(e.Bar.Close), 0);
                break;
            case EventKind.Funding:
                Funding.Add(e.Funding);
                break;
            case EventKind.Liquidation:
                Liquidations.Add(e.EventTime, e.Price * e.Quantity, e.Side == Side.Sell);
                break;
            default:
                break;
        }
    }
}
