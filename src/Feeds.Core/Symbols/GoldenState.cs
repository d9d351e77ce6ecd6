using Feeds.Core.Bars;
using Feeds.Core.Books;
using Feeds.Core.Catalogue;
using Feeds.Core.Coverage;
using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Core.Operators;
using Feeds.Core.Windows;

namespace Feeds.Core.Symbols;

/// <summary>
/// What the golden vector is made of, beside what the 12-column row keeps: slow records waiting for their time, bars of
/// every length, windows over books, trades and liquidations, the minutes of other symbols, and what of all this was
/// observed.
/// </summary>
internal sealed partial class GoldenState : ISavedState
{
    public const int Levels = 20;

    // Open interest is known one period after its stamp and too old after three.
    private const long OpenInterestPeriodMs = 300_000;

    /// <summary>Twenty-four half-lives: what is left of the past is below 1e-7.</summary>
    public const long DecayWarmUpMs = 120 * 60_000;

    private static readonly int[] BarLengthsMs = [60_000, 300_000, 900_000, 3_600_000, 14_400_000];
    private static readonly int[] FlowWindows = [60, 300, 3600];

    private readonly Symbol _symbol;
    private readonly RestingRecords _resting = new(AvailableTime.Of);
    private readonly BarSeries[] _series = [new(), new(), new(), new(), new()];
    private readonly BarLadder _ladder;
    private readonly RecordHistory _openInterest = new(160, OpenInterestPeriodMs, 3 * OpenInterestPeriodMs);

    // Closes of mark and index bars, which history has in place of the stream; no lag, too old after three of five
    // minutes.
    private readonly RecordHistory _markBars = new(8, 0, 3 * OpenInterestPeriodMs);
    private readonly RecordHistory _indexBars = new(8, 0, 3 * OpenInterestPeriodMs);
    private readonly TimeWeightedMeans _book = new(5, 300, 120, 5_000);
    private readonly TradeFlow _flow = new(3600);
    private readonly DecayedFlow _decayed = new(300_000);
    private readonly LiquidationWindow _liquidations = new(8 * 3600);
    private readonly DepthQuantities _depths = new(5, 10, Levels);
    private readonly double[] _measures = new double[5];
    private readonly double[] _means = new double[10];
    private readonly double[] _coverages = new double[10];
    private readonly double[] _imbalances = new double[3];
    private readonly GoldenReaders _readers;
    private long _fundingSlot;
    private long _bookEventTime;
    private long _tradeEventTime;
    private long _lateUntil;
    private double _micropriceDeviation = double.NaN;
    private double _slope = double.NaN;
    private double _fundingRate = double.NaN;

    public GoldenState(Symbol symbol)
    {
        _symbol = symbol;
        _ladder = new BarLadder(BarLengthsMs, CloseBar);
        Context = new ContextMinutes(symbol, Own, maxBehind: 2);
        _readers = new GoldenReaders(this);
    }

    public CoverageLedger Ledger { get; } = new();

    public MinuteCloses Own { get; } = new();

    public ContextMinutes Context { get; }

    /// <summary>The tick that is being read, epoch ms.</summary>
    public long Time { get; private set; }

    public double FundingRate => _fundingRate;

    public double PredictedFundingRate { get; private set; } = double.NaN;

    public double Basis { get; private set; } = double.NaN;

    public double MicropriceDeviationBps => Time - _bookEventTime <= FreshnessLimits.DepthMs
        ? _micropriceDeviation : double.NaN;

    public double BookSlope => Time - _bookEventTime <= FreshnessLimits.DepthMs ? _slope : double.NaN;

    /// <summary>
    /// The decayed flow of trades; NaN while what came before they were observed would weigh more than 1e-6.
    /// </summary>
    public double DecayedImbalance => Time - DecayWarmUpMs >= Ledger.Trades.BeginTime ? _decayed.Imbalance : double.NaN;

    public LiquidationTotals Hour { get; private set; }

    public LiquidationTotals EightHours { get; private set; }

    /// <summary>The value of the open interest in USD as of the tick; NaN when unknown or too old.</summary>
    public double OpenInterestValue => _openInterest.AsOf(Time).Second;

    public BarSeries Bars(int lengthMs) => _series[Array.IndexOf(BarLengthsMs, lengthMs)];

    /// <summary>The time-weighted mean of a book measure over one (0) or five (1) minutes.</summary>
    public double BookMean(int measure, int window) => _means[(window * 5) + measure];

    /// <summary>Trade-flow imbalance over 1 m, 5 m or 1 h (0, 1, 2).</summary>
    public double FlowImbalance(int window) => _imbalances[window];

    /// <summary>Open interest now / as it was known that many hours ago − 1.</summary>
    public double OpenInterestChange(int hours) =>
        (_openInterest.AsOf(Time).First / _openInterest.AsOf(Time - (hours * 3_600_000L)).First) - 1;

    /// <summary>The observed share of a window that ends now.</summary>
    public double Coverage(Feed feed, long windowMs)
    {
        if (feed == Feed.Depth)
        {
            return _coverages[windowMs == 60_000 ? 0 : 5];
        }

        if (feed != Feed.Bars)
        {
            return Ledger[feed]!.CoveredMs(Time - windowMs, Time) / (double)windowMs;
        }

        long end = BarsEnd(Time);
        return Ledger[feed]!.CoveredMs(end - windowMs, Math.Min(end, _ladder.NewestEnd(0))) / (double)windowMs;
    }

    /// <summary>What was observed of each feed, as of a tick, epoch ms.</summary>
    public IReadOnlyList<FeedCoverageReport> ReportCoverage(long time) =>
    [
        .. Ledger.Feeds.Select(each => each.Feed == Feed.Bars
            ? each.Report(BarsEnd(time), _ladder.NewestEnd(0)) : each.Report(time, time)),
    ];

    /// <summary>True when bars wait for the history before them.</summary>
    public bool AwaitsHistory
    {
        get => _ladder.IsPatient;
        set => _ladder.IsPatient = value;
    }

    /// <summary>Where the fetched history begins, epoch ms; 0 when none was.</summary>
    public long WarmUpFrom => _ladder.WarmUpFrom;

    /// <summary>Where the hole begins that bars wait behind, epoch ms; 0 when there is none.</summary>
    public long BarHoleTime => _ladder.HoleTime;

    /// <summary>The end of the newest bar of a length, epoch ms; 0 before the first.</summary>
    public long BarEnd(int lengthMs) => _ladder.NewestEnd(Array.IndexOf(BarLengthsMs, lengthMs));

    public Admission AdmitBar(in MarketEvent e) =>
        !_ladder.Takes(e.Bar) ? Admission.OutOfOrder : _resting.Holds(e) ? Admission.Duplicate : Admission.Accepted;

    public Admission AdmitContextBar(in MarketEvent e) =>
        !Context.Takes(e.ContextBar) ? Admission.OutOfOrder : _resting.Holds(e)
            ? Admission.Duplicate : Admission.Accepted;

    public bool KnowsOpenInterest(in MarketEvent e) => _openInterest.Holds(e.EventTime) || _resting.Holds(e);

    public void Rest(in MarketEvent e) => _resting.Add(e);

    /// <summary>Takes a book whose top has this imbalance, 0…1.</summary>
    public void ApplyBook(in MarketEvent e, double imbalance)
    {
        BookLevels book = e.Levels;
        _depths.Read(book);
        _measures[0] = imbalance;
        for (int depth = 0; depth < 3; depth++)
        {
            _measures[1 + depth] = _depths.Ratio(depth);
        }

        _measures[4] = BookMeasures.SpreadBps(book);
        _book.Add(e.EventTime, _measures);
        double mid = BookMeasures.Mid(book);
        _micropriceDeviation = 10_000 * (BookMeasures.Microprice(book) - mid) / mid;
        _slope = _depths.SlopeImbalance(2, book);
        _bookEventTime = Math.Max(_bookEventTime, e.EventTime);
        Ledger.Depth.Observed(e.EventTime);
    }

    /// <summary>Nothing of the newest book holds any more.</summary>
    public void BreakBook()
    {
        _micropriceDeviation = double.NaN;
        _slope = double.NaN;
    }

    /// <summary>
    /// Takes a trade; <paramref name="skipped"/> when ids before it are missing, <paramref name="complete"/> when none
    /// is.
    /// </summary>
    public void ApplyTrade(in MarketEvent e, bool inTime, bool skipped, bool complete)
    {
        FeedCoverage coverage = Ledger.Trades;
        coverage.Observed(e.EventTime);
        if (skipped)
        {
            coverage.AddHole(new CoverageHole(_tradeEventTime, e.EventTime, "sequence", IsFilled: false));
        }

        _lateUntil = inTime ? _lateUntil : Math.Max(_lateUntil, e.EventTime);
        _tradeEventTime = Math.Max(_tradeEventTime, e.EventTime);
        if (complete && !skipped)
        {
            // Ids are consecutive, so with none missing every trade is here. What came too late to count stays missed.
            coverage.Fill(_lateUntil);
        }

        if (inTime && e.Quantity > 0)
        {
            _flow.Add(e.EventTime, e.Quantity, e.Side == Side.Buy);
            _decayed.Add(e.EventTime, e.Quantity, e.Side == Side.Buy);
        }
    }

    public void ApplyLiquidation(in MarketEvent e, bool inTime)
    {
        Ledger.Liquidations.Observed(e.EventTime);
        if (inTime)
        {
            _liquidations.Add(e.EventTime, e.Price * e.Quantity, e.Side == Side.Sell);
        }
    }

    public void ApplyMark(in MarketEvent e) => Ledger.Mark.Observed(e.EventTime);

    public void ApplyControl(in MarketEvent e)
    {
        Ledger.Apply(e);
        if (e.Kind == EventKind.Gap && e.Gap.Feed == Feed.Bars)
        {
            _ladder.Complete(e.Gap.FromTime, e.Gap.ToTime, e.ReceiveTime);
        }

        if (e.Kind == EventKind.FeedDisconnected && e.Feed == Feed.Depth)
        {
            _book.End(e.ReceiveTime);
        }
        else if (e.Kind == EventKind.Recovered)
        {
            _book.End(e.LastReceiveTime);
        }
    }

    /// <summary>Applies what became available, and returns the vector at a tick.</summary>
    /// <param name="time">The tick, epoch ms.</param>
    /// <param name="basis">(mark − index) / index as the 12-column row has it.</param>
    /// <param name="predictedFundingRate">Of the newest mark that is not stale.</param>
    public FeatureRow MakeRow(long time, double basis, double predictedFundingRate)
    {
        _resting.Release(time, this, static (state, e) => state.Apply(e));
        _ladder.Settle(time);
        Time = time;
        Basis = double.IsNaN(basis) ? BasisOfBars() : basis;
        PredictedFundingRate = predictedFundingRate;
        _book.Read(time, 60, _means.AsSpan(0, 5), _coverages.AsSpan(0, 5));
        _book.Read(time, 300, _means.AsSpan(5, 5), _coverages.AsSpan(5, 5));
        _flow.Imbalances(time, FlowWindows, _imbalances);
        Hour = _liquidations.Totals(time, 3600);
        EightHours = _liquidations.Totals(time, 8 * 3600);
        Context.Refresh();
        return new FeatureRow(time, _symbol, _readers.Read());
    }

    private void Apply(in MarketEvent e)
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
                _openInterest.Add(
                    e.EventTime,
                    DecimalDouble.ToDouble(e.OpenInterest.OpenInterest),
                    e.OpenInterest.OpenInterestValue is { } value ? DecimalDouble.ToDouble(value) : double.NaN);
                break;
            case EventKind.MarkBar:
                _markBars.Add(e.Bar.EndTime, DecimalDouble.ToDouble(e.Bar.Close), 0);
                break;
            case EventKind.IndexBar:
                _indexBars.Add(e.Bar.EndTime, DecimalDouble.ToDouble(e.Bar.Close), 0);
                break;
            case EventKind.Funding when e.Funding.SlotTime > _fundingSlot:
                _fundingSlot = e.Funding.SlotTime;
                _fundingRate = DecimalDouble.ToDouble(e.Funding.FundingRate);
                break;
            default:
                break;
        }
    }

    // Windows over bars end with the newest bar that is due; one that is at most a minute late is still waited for.
    private long BarsEnd(long time)
    {
        long due = (time - AvailableTime.BarLagMs) / Bar.Minute * Bar.Minute;
        long newest = _ladder.NewestEnd(0);
        return due - newest <= Bar.Minute ? Math.Min(newest, due) : due;
    }

    private double BasisOfBars()
    {
        double index = _indexBars.AsOf(Time).First;
        return (_markBars.AsOf(Time).First - index) / index;
    }

    private void CloseBar(int index, Bar bar)
    {
        Ledger.Bars.Begin(bar.OpenTime);
        if (bar.IsFilled)
        {
            Ledger.Bars.AddHole(new CoverageHole(bar.OpenTime, bar.EndTime, "missing", IsFilled: false));
        }

        if (index == 0)
        {
            Own.Add(bar);
        }

        _series[index].Set(bar);
        _series[index].Graph.Step();
    }
}
