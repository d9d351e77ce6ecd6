using Feeds.Actors;
using Feeds.Core.Books;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Engine.Rows;

namespace Feeds.Engine.Symbols;

/// <summary>
/// One symbol: takes its events in mailbox order, asks the state for admission, gives them a sequence, applies them, and hands on
/// the rows that ticks emit. All that is known of the symbol is in <see cref="SymbolState"/>; this actor only feeds it.
/// </summary>
internal sealed class SymbolActor : Actor<SymbolMessage>
{
    private readonly SymbolEntry _entry;
    private readonly SymbolSettings _settings;
    private readonly BookLevelsPool _books;
    private readonly RowOutlet _rows;
    private readonly Action<Symbol, MarketEvent>? _applied;
    private readonly SymbolState _state;
    private ushort _duplicates;

    public SymbolActor(
        SymbolEntry entry,
        SymbolSettings settings,
        BookLevelsPool books,
        RowOutlet rows,
        Action<Symbol, MarketEvent>? applied = null)
    {
        _entry = entry;
        _settings = settings;
        _books = books;
        _rows = rows;
        _applied = applied;
        _state = new SymbolState(entry.Symbol);
    }

    protected override ValueTask PreStart(CancellationToken stopping)
    {
        long now = Now();
        bool isFirst = _entry.Gauges.Sequence == 0;
        Take(MarketEvent.ForSettings(_settings, now));
        if (!isFirst)
        {
            // What came while it was down is lost to it, and the next row says so.
            long last = 0;
            for (int feed = 0; feed < FeedNames.Count; feed++)
            {
                last = Math.Max(last, _entry.Gauges.LastReceiveTime((Feed)feed));
            }

            Take(MarketEvent.ForRecovered(last, now));
        }

        for (int feed = 0; feed < FeedNames.Count; feed++)
        {
            if (_entry.Gauges.IsConnected((Feed)feed))
            {
                Take(MarketEvent.ForFeedConnected((Feed)feed, now));
            }
        }

        return default;
    }

    protected override ValueTask Receive(SymbolMessage message, CancellationToken stopping)
    {
        MarketEvent e = message.Event;
        if (e.Kind == EventKind.Tick)
        {
            return OnTick(e, stopping);
        }

        try
        {
            Take(e);
        }
        finally
        {
            if (e.Kind is EventKind.Book or EventKind.Quote)
            {
                _books.Return(e.Levels);
            }
        }

        return default;
    }

    protected override object Inspect() => SymbolInspection.Of(_state, _entry, Now());

    private async ValueTask OnTick(MarketEvent tick, CancellationToken stopping)
    {
        // The mailbox lags: what this tick would say is old news. It passes without a row, and the next row says so.
        if (Now() - tick.EventTime > 3L * _settings.IntervalMs)
        {
            Take(MarketEvent.ForTickSkipped(tick.EventTime, tick.ReceiveTime));
            await _rows.SkipAsync(_entry.Symbol, tick.EventTime, stopping);
            return;
        }

        if (Take(tick)?.Feed is { } row)
        {
            _entry.Gauges.Emitted(row, SymbolHealthRules.IsHealthy(row, _settings));
            await _rows.EmitAsync(row, stopping);
        }
    }

    private TickRows? Take(in MarketEvent e)
    {
        Admission admission = _state.Admit(e);
        _entry.Gauges.Admitted(admission);
        if (admission == Admission.Accepted)
        {
            return Apply(_duplicates == 0 ? e : e.WithDuplicates(_duplicates));
        }

        if (!admission.IsRejection())
        {
            _duplicates = (ushort)Math.Min(_duplicates + 1, ushort.MaxValue);
        }
        else if (EventFeeds.Of(e) is { } feed && !_state.HasError(feed, admission.Reason()))
        {
            Apply(MarketEvent.ForSourceError(feed, admission.Reason(), e.ReceiveTime));
        }

        return null;
    }

    private TickRows? Apply(in MarketEvent e)
    {
        _duplicates = 0;
        TickRows? rows = _state.Apply(e);
        _entry.Gauges.Applied(EventFeeds.Of(e), e, _state);
        _applied?.Invoke(_entry.Symbol, e);
        return rows;
    }

    private long Now() => Context.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
}
