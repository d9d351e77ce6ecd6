using Feeds.Core.Coverage;
using Feeds.Core.Market;

namespace Feeds.Core.Symbols;

/// <summary>
/// Everything known about one symbol: a pure fold over its events. An event is first asked for admission, which changes
/// nothing, then applied; a <see cref="EventKind.Tick"/> emits a row. There is no clock, no chance and no configuration
/// but the
/// <see cref="EventKind.Settings"/> event, so the same events give the same rows, bit for bit.
/// </summary>
public sealed partial class SymbolState
{
    private const double SkewLimitMs = 500;

    private readonly BookState _book = new();
    private readonly BookState _quote = new();
    private readonly TradeState _trades = new();
    private readonly LiquidationState _liquidations = new();
    private readonly MarkState _mark = new();
    private readonly MarkState _premium = new();
    private readonly BarState _bars = new();
    private readonly SlowState _slow = new();
    private readonly LatencyMean _latency = new();
    private readonly RowErrors _errors = new();
    private SymbolSettings _settings = SymbolSettings.Default;
    private GoldenState? _golden;
    private double _clockOffsetMs;
    private bool _liquidationsEverConnected;

    /// <summary>Makes the empty state of a symbol.</summary>
    public SymbolState(Symbol symbol) => Symbol = symbol;

    /// <summary>Whose state this is.</summary>
    public Symbol Symbol { get; }

    /// <summary>How many events were applied; the sequence of the last one.</summary>
    public long Sequence { get; private set; }

    /// <summary>Receive time of the last event applied, epoch ms; 0 before the first.</summary>
    public long LastReceiveTime { get; private set; }

    /// <summary>The last tick that was applied, with a row or skipped, epoch ms; 0 before the first.</summary>
    public long LastTickTime { get; private set; }

    /// <summary>Events that came too late for their window and were only counted.</summary>
    public long LateCount { get; private set; }

    /// <summary>Duplicates and late books that the events applied told of.</summary>
    public long DuplicateCount { get; private set; }

    /// <summary>Books that were replaced by newer ones before they were applied.</summary>
    public long ConflatedCount { get; private set; }

    /// <summary>The trade ids seen and missing.</summary>
    public IdChain TradeIds => _trades.Ids;

    /// <summary>When each feed was observed; null while the settings have features off.</summary>
    public CoverageLedger? Coverage => _golden?.Ledger;

    /// <summary>
    /// Returns the open time of the newest minute of a context symbol that was applied, epoch ms; 0 before the first.
    /// </summary>
    public long NewestContextTime(Symbol symbol) => _golden?.Context.NewestTimeOf(symbol) ?? 0;

    /// <summary>What holds from the last <see cref="EventKind.Settings"/> event on.</summary>
    public SymbolSettings Settings => _settings;

    /// <summary>
    /// Returns what was observed of the feeds, as of the last tick; null while the settings have features off.
    /// </summary>
    public SymbolCoverage? ReportCoverage() => _golden is null
        ? null : new SymbolCoverage(Symbol, LastTickTime, WarmUpFrom, _golden.ReportCoverage(LastTickTime));

    /// <summary>Where the history that was fetched for the features begins, epoch ms; 0 when none was.</summary>
    public long WarmUpFrom => _golden?.WarmUpFrom ?? 0;

    /// <summary>
    /// Where the hole of one-minute bars begins that newer ones wait behind, epoch ms; 0 when there is none.
    /// </summary>
    public long BarHoleTime => _golden?.BarHoleTime ?? 0;

    /// <summary>
    /// Returns the end of the newest bar of a length (ms) that features use, epoch ms; 0 before the first.
    /// </summary>
    public long BarEnd(int lengthMs) => _golden?.BarEnd(lengthMs) ?? 0;

    /// <summary>
    /// Says whether the event may be applied, as a function of the state and the event alone. Sorts a book's levels.
    /// </summary>
    public Admission Admit(in MarketEvent e)
    {
        if (!Bounds.AreTimes(e.EventTime, e.ReceiveTime))
        {
            return Admission.InvalidTime;
        }

        return e.Kind switch
        {
            EventKind.Book => _book.Admit(e),
            EventKind.Quote => _quote.Admit(e),
            EventKind.Trade => _trades.Admit(e),
            EventKind.Mark => _mark.Admit(e),
            EventKind.Premium => _premium.Admit(e),
            EventKind.Liquidation => _liquidations.Admit(e),
            EventKind.Bar => AdmitBar(e),
            EventKind.ContextBar => AdmitContextBar(e),
            EventKind.MarkBar or EventKind.IndexBar => BarState.Validate(e.Bar),
            EventKind.OpenInterest => AdmitOpenInterest(e),
            EventKind.Funding => _slow.AdmitFunding(e),
            EventKind.Tick or EventKind.TickSkipped =>
                e.EventTime <= LastTickTime ? Admission.Duplicate : Admission.Accepted,
            EventKind.None or > EventKind.IndexBar => Admission.UnknownKind,
            _ => Admission.Accepted,
        };
    }

    /// <summary>
    /// The missing trade ids that an admitted event makes the symbol forget: nobody fills them after it.
    /// </summary>
    public IReadOnlyList<(long From, long To)> ForgottenBy(in MarketEvent e)
    {
        if (TradeIds.Missing.Count == 0)
        {
            return [];
        }

        bool beginsAnew = e.Kind == EventKind.Trade
            ? TradeIds.Contains(e.TradeId)
            : e.Kind == EventKind.Gap && e.Gap is { Feed: Feed.Trades, Reason: Gap.Relisted };
        return beginsAnew ? TradeIds.Missing
            : e.Kind == EventKind.Trade && TradeIds.ForgottenBy(e.TradeId) is { } range ? [range]
            : [];
    }

    /// <summary>True when the feed's connection was lost and is not known to be back: every row names it.</summary>
    public bool IsDown(Feed feed) => _errors.IsDown(feed);

    /// <summary>True when the next row names this error already.</summary>
    public bool HasError(Feed feed, string reason) => _errors.Contains(feed, reason);

    /// <summary>
    /// Applies an admitted event. Returns the rows of a <see cref="EventKind.Tick"/>, null for every other kind.
    /// </summary>
    public TickRows? Apply(in MarketEvent e)
    {
        Sequence++;
        LastReceiveTime = e.ReceiveTime;
        DuplicateCount += e.Duplicates;
        ConflatedCount += e.Conflated;
        double latencyMs = e.ReceiveTime + _clockOffsetMs - e.EventTime;
        if (e.IsFromStream)
        {
            _latency.Add(latencyMs);
        }

        switch (e.Kind)
        {
            case EventKind.Tick:
                return MakeRows(e.EventTime);
            case EventKind.TickSkipped:
                LastTickTime = e.EventTime;
                _errors.Add(Feed.Lag, "skipped");
                break;
            case EventKind.Book:
                double imbalance = _book.Apply(e, _settings.DepthLevels, _errors.IsDown(Feed.Depth));
                if (!_book.IsBroken)
                {
                    _golden?.ApplyBook(e, imbalance);
                }

                break;
            case EventKind.Quote:
                _quote.Apply(e, 1, isDown: false);
                break;
            case EventKind.Trade:
                ApplyTrade(e, latencyMs);
                break;
            case EventKind.Mark:
                _mark.Apply(e);
                _golden?.ApplyMark(e);
                break;
            case EventKind.Premium:
                _premium.Apply(e);
                break;
            case EventKind.Liquidation:
                ApplyLiquidation(e, latencyMs);
                break;
            case EventKind.Bar:
                _bars.Apply(e, e.Bar);
                _golden?.Rest(e);
                break;
            case EventKind.ContextBar or EventKind.MarkBar or EventKind.IndexBar or EventKind.LongShortRatio:
                _golden?.Rest(e);
                break;
            case EventKind.OpenInterest:
                _slow.ApplyOpenInterest(e);
                if (e.OpenInterest.PeriodMs > 0)
                {
                    _golden?.Rest(e);
                }

                break;
            case EventKind.Funding:
                _slow.ApplyFunding(e);
                _golden?.Rest(e);
                break;
            default:
                ApplyControl(e);
                _golden?.ApplyControl(e);
                break;
        }

        return null;
    }

    // With features on, what matters is whether the bar is still to be applied: bars that fill a hole may come late.
    private Admission AdmitBar(in MarketEvent e)
    {
        Admission admission = Bounds.AreTimes(e.Bar.EndTime, e.ReceiveTime)
            ? _bars.Admit(e.Bar) : Admission.InvalidTime;
        return _golden is null || admission.IsRejection() ? admission : _golden.AdmitBar(e);
    }

    private Admission AdmitContextBar(in MarketEvent e)
    {
        Admission admission = Bounds.AreTimes(e.EventTime, e.ReceiveTime)
            ? BarState.Validate(e.ContextBar.Bar) : Admission.InvalidTime;
        return admission.IsRejection() || _golden is null ? admission : _golden.AdmitContextBar(e);
    }

    private Admission AdmitOpenInterest(in MarketEvent e)
    {
        Admission admission = _slow.AdmitOpenInterest(e);
        return admission == Admission.OutOfOrder && e.OpenInterest.PeriodMs > 0 && _golden is not null
            ? _golden.KnowsOpenInterest(e) ? Admission.Duplicate : Admission.Accepted
            : admission;
    }

    private void ApplyTrade(in MarketEvent e, double latencyMs)
    {
        bool inTime = Lateness.IsInTime(latencyMs);
        LateCount += inTime ? 0 : 1;
        bool skipped = _trades.Apply(e);
        if (skipped)
        {
            _errors.Add(Feed.Trades, "gap");
        }

        _golden?.ApplyTrade(e, inTime, skipped, _trades.Ids.Missing.Count == 0);
    }

    private void ApplyLiquidation(in MarketEvent e, double latencyMs)
    {
        bool inTime = Lateness.IsInTime(latencyMs);
        LateCount += inTime ? 0 : 1;
        _liquidationsEverConnected = true;
        _liquidations.Apply(e, inTime);
        _golden?.ApplyLiquidation(e, inTime);
    }

    private void ApplyControl(in MarketEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.Settings:
                Use(e.Settings);
                break;
            case EventKind.ClockOffset:
                _clockOffsetMs = e.ClockOffsetMs;
                break;
            case EventKind.FeedConnected:
                _errors.Connected(e.Feed);
                _liquidationsEverConnected |= e.Feed == Feed.Liquidations;
                break;
            case EventKind.FeedDisconnected when e is { Feed: Feed.Depth, Reason: Gap.Resync }:
                _book.Break();
                _golden?.BreakBook();
                _errors.Disconnected(e.Feed, e.Reason);
                break;
            case EventKind.FeedDisconnected:
                _errors.Disconnected(e.Feed, e.Reason);
                break;
            case EventKind.SourceError:
                _errors.Add(e.Feed, e.Reason);
                break;
            case EventKind.Gap when e.Gap is { Feed: Feed.Trades, Reason: Gap.Relisted }:
                _trades.Ids.Reset();
                _errors.Add(Feed.Contract, Gap.Relisted);
                break;
            case EventKind.Gap when e.Gap is { Feed: Feed.Bars, Reason: Gap.Fetched }:
                break;
            case EventKind.Gap:
                _errors.Add(e.Gap.Feed, "gap");
                break;
            case EventKind.Recovered:
                _errors.Add(Feed.Node, "restarted");
                break;
            default:
                // Taker ratios rest in the journal; no row shows them.
                break;
        }
    }

    private void Use(SymbolSettings settings)
    {
        _settings = settings;
        _golden = settings.Features ? _golden ?? new GoldenState(Symbol) : null;
        if (_golden is not null)
        {
            _golden.AwaitsHistory = settings.AwaitsHistory;
            _golden.Context.Use(settings.Context);
        }
    }

    private TickRows MakeRows(long tickTime)
    {
        LastTickTime = tickTime;
        bool mark = IsFresh(Feed.Mark, tickTime, _mark.ReceiveTime, FreshnessLimits.MarkMs);
        bool premium = !mark && _settings.Provides(Feed.Premium) && _premium.ReceiveTime > 0
            && tickTime - _premium.ReceiveTime <= FreshnessLimits.PremiumMs(_settings);
        bool depth = IsFresh(Feed.Depth, tickTime, _book.LastReceiveTime, FreshnessLimits.DepthMs) && !_book.IsBroken;
        bool openInterest = IsFresh(
            Feed.OpenInterest, tickTime, _slow.OpenInterestReceiveTime, FreshnessLimits.OpenInterestMs(_settings));
        bool history = IsFresh(
            Feed.OpenInterestHistory, tickTime, _slow.HistoryReceiveTime, FreshnessLimits.OpenInterestHistoryMs);
        bool liquidations = _settings.Provides(Feed.Liquidations) && _liquidationsEverConnected;
        double liqLong = liquidations ? _liquidations.LongUsd(tickTime) : double.NaN;
        double liqShort = liquidations ? _liquidations.ShortUsd(tickTime) : double.NaN;

        // 0/0, the ratio of two empty sides, is NaN by itself.
        double liqRatio = (liqShort - liqLong) / (liqShort + liqLong);
        double basis = mark ? _mark.Basis : premium ? _premium.Basis : double.NaN;
        NameWhatIsMissing();
        FeedRow row = new(
            tickTime,
            Symbol,
            openInterest ? _slow.OpenInterest : double.NaN,
            history ? _slow.OpenInterestPct : double.NaN,
            _settings.Provides(Feed.Funding) ? _slow.FundingRate : double.NaN,
            basis,
            liqLong,
            liqShort,
            liqRatio,
            depth ? _book.SmoothedImbalance : double.NaN,
            _latency.Take(),
            _errors.Take());
        return new TickRows(row, _golden?.MakeRow(tickTime, basis, mark ? _mark.PredictedFundingRate : double.NaN));
    }

    private bool IsFresh(Feed feed, long tickTime, long receiveTime, long limitMs)
    {
        if (!_settings.Provides(feed))
        {
            return false;
        }

        if (receiveTime > 0 && tickTime - receiveTime <= limitMs)
        {
            return true;
        }

        _errors.Add(feed, receiveTime == 0 ? "missing" : "stale");
        return false;
    }

    private void NameWhatIsMissing()
    {
        if (_book.IsBroken && _settings.Provides(Feed.Depth))
        {
            _errors.Add(Feed.Depth, Gap.Resync);
        }

        if (_settings.Provides(Feed.Funding) && double.IsNaN(_slow.FundingRate))
        {
            _errors.Add(Feed.Funding, "missing");
        }

        if (_settings.Provides(Feed.Liquidations) && !_liquidationsEverConnected)
        {
            _errors.Add(Feed.Liquidations, "missing");
        }

        if (Math.Abs(_clockOffsetMs) > SkewLimitMs)
        {
            _errors.Add(Feed.Clock, "skew");
        }
    }
}
