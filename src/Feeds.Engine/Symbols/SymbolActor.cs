using Feeds.Actors;
using Feeds.Core.Books;
using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Core.Symbols;
using Feeds.Engine.Context;
using Feeds.Engine.Health;
using Feeds.Engine.Journaling;
using Feeds.Engine.Rows;
using Feeds.Storage.Journals;

namespace Feeds.Engine.Symbols;

/// <summary>
/// One symbol: takes its events in mailbox order, asks the state for admission, gives them a sequence, encodes them
/// into the journal, applies them, and hands on the rows that ticks emit. All that is known of the symbol is in
/// <see cref="SymbolState"/>; this actor only feeds it.
/// </summary>
internal sealed class SymbolActor : Actor<SymbolMessage>
{
    private static readonly Feed[] Streamed = [Feed.Depth, Feed.Trades, Feed.Mark, Feed.Bars, Feed.Liquidations];
    private const long MaxTicksBehind = 3;

    private readonly SymbolEntry _entry;
    private readonly SymbolSettings _settings;
    private readonly BookLevelsPool _books;
    private readonly RowOutlet _rows;
    private readonly NodeJournal _journal;
    private readonly ContextBars _context;
    private readonly Action<Symbol, MarketEvent>? _applied;
    private SymbolState _state;
    private ISymbolJournal _events;
    private ushort _duplicates;
    private bool _isBack;

    // The newest tick that was dealt with, and the one that follows the first that this incarnation was told.
    private long _lastTick;
    private long _nextTick = long.MaxValue;

    public SymbolActor(
        SymbolEntry entry,
        SymbolSettings settings,
        BookLevelsPool books,
        NodeJournal journal,
        RowOutlet rows,
        ContextBars context,
        Action<Symbol, MarketEvent>? applied = null)
    {
        _entry = entry;
        _settings = settings;
        _books = books;
        _journal = journal;
        _rows = rows;
        _context = context;
        _applied = applied;
        _state = new SymbolState(entry.Symbol);
        _events = journal.For(entry.Symbol, 0);
    }

    protected override async ValueTask PreStart(CancellationToken stopping)
    {
        RecoveredSymbol recovered = await _journal.RecoverAsync(_entry.Symbol, stopping);
        _state = recovered.State;
        _events = _journal.For(_entry.Symbol, _state.Sequence);
        _lastTick = _state.LastTickTime;

        // Rows that were computed and perhaps not written: the sinks pass over those they hold.
        foreach (TickRows rows in recovered.Rows)
        {
            await _rows.EmitAsync(rows, stopping);
        }

        long now = Now();
        long last = _state.LastReceiveTime;
        bool hasPast = _state.Sequence > 0;
        Take(MarketEvent.ForSettings(_settings, now));
        if (hasPast)
        {
            // What came while it was down is lost to it, and the next row says so.
            Take(MarketEvent.ForRecovered(last, now));
            _isBack = true;
        }

        TakeMissedContext();
        for (int feed = 0; feed < FeedNames.Count; feed++)
        {
            if (_entry.Gauges.IsConnected((Feed)feed))
            {
                Take(MarketEvent.ForFeedConnected((Feed)feed, now));
            }
        }

        if (_entry.IsHandedOver && hasPast)
        {
            await CatchUpAsync(now, stopping);
        }

        _entry.CaughtUp();
    }

    protected override ValueTask Receive(SymbolMessage message, CancellationToken stopping)
    {
        if (message.Snapshot is { } reply)
        {
            reply.TrySet(Save());
            return default;
        }

        if (!_journal.HasRoom)
        {
            return ReceiveWithRoom(message.Event, stopping);
        }

        if (message.Event.Kind == EventKind.Tick)
        {
            return OnTick(message.Event, stopping);
        }

        if (message.Event.ReceiveTime > _nextTick)
        {
            return ReceiveAfterTicks(message.Event, stopping);
        }

        TakeAndReturn(message.Event);
        return default;
    }

    protected override object Inspect() => SymbolInspection.Of(_state, _entry, Now());

    // The disk takes nothing just now: this symbol waits, then its sources do, and memory stays bounded.
    private async ValueTask ReceiveWithRoom(MarketEvent e, CancellationToken stopping)
    {
        await _journal.WaitForRoomAsync(stopping);
        if (e.Kind == EventKind.Tick)
        {
            await OnTick(e, stopping);
        }
        else
        {
            await ReceiveAfterTicks(e, stopping);
        }
    }

    // When the node stood still across a tick, what was received after it may come before the tick itself does. A row
    // says what was known at its tick: the tick is told first, and its teller finds it told.
    private async ValueTask ReceiveAfterTicks(MarketEvent e, CancellationToken stopping)
    {
        if (e.ReceiveTime - _nextTick > MaxTicksBehind * _settings.IntervalMs)
        {
            _nextTick = TickGrid.AtOrBefore(e.ReceiveTime, _settings.IntervalMs);
        }

        while (_nextTick < e.ReceiveTime)
        {
            await OnTick(MarketEvent.ForTick(_nextTick, Now()), stopping);
        }

        TakeAndReturn(e);
    }

    // The last owner stopped at a tick, and this one may be due, or just past. What is long past gets no row.
    private async ValueTask CatchUpAsync(long now, CancellationToken stopping)
    {
        long oldest = Math.Max(_state.LastTickTime + 1, now - (MaxTicksBehind * _settings.IntervalMs));
        for (long tick = TickGrid.Next(oldest - 1, _settings.IntervalMs); tick <= now; tick += _settings.IntervalMs)
        {
            await OnTick(MarketEvent.ForTick(tick, now), stopping);
        }
    }

    // Minutes of the others that were told while this symbol was not there.
    private void TakeMissedContext()
    {
        foreach (Symbol symbol in _context.Symbols.Where(
            symbol => symbol != _entry.Symbol && _settings.Context.Uses(symbol)))
        {
            foreach ((Bar bar, long receiveTime) in _context.After(symbol, _state.NewestContextTime(symbol)))
            {
                Take(MarketEvent.ForContextBar(new ContextBar(symbol, bar), receiveTime));
            }
        }
    }

    private void TakeAndReturn(in MarketEvent e)
    {
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
    }

    private SymbolSnapshot Save()
    {
        StateWriter writer = new();
        _state.Save(writer);
        return new SymbolSnapshot(
            _entry.Symbol, _state.Sequence, _state.LastTickTime, _state.LastReceiveTime, writer.Written.ToArray());
    }

    private async ValueTask OnTick(MarketEvent tick, CancellationToken stopping)
    {
        if (tick.EventTime <= _lastTick)
        {
            return;
        }

        _lastTick = tick.EventTime;
        _nextTick = tick.EventTime + _settings.IntervalMs;

        // The mailbox lags: what this tick would say is old news. It passes without a row, and the next row says so.
        if (Now() - tick.EventTime > MaxTicksBehind * _settings.IntervalMs)
        {
            Take(MarketEvent.ForTickSkipped(tick.EventTime, tick.ReceiveTime));
            await _rows.SkipAsync(_entry.Symbol, tick.EventTime, stopping);
            return;
        }

        if (_isBack)
        {
            _isBack = false;
            NameMissing();
        }

        if (Take(tick) is { } rows)
        {
            EngineMeter.TickToComputed.Record((Now() - tick.EventTime) / 1000.0);
            _entry.Gauges.Emitted(rows.Feed, SymbolHealthRules.IsHealthy(rows.Feed, _settings));
            await _rows.EmitAsync(rows, stopping);
        }
    }

    // The first tick since it came back: a stream that is not there yet is named from now on, until it is.
    private void NameMissing()
    {
        foreach (Feed feed in Streamed)
        {
            if (_settings.Provides(feed) && !_entry.Gauges.IsConnected(feed) && !_state.IsDown(feed))
            {
                Take(MarketEvent.ForFeedDisconnected(feed, "restarted", Now()));
            }
        }
    }

    private TickRows? Take(in MarketEvent e)
    {
        Admission admission = _state.Admit(e);
        _entry.Gauges.Admitted(admission);
        if (admission == Admission.Accepted)
        {
            DeclareForgotten(e);
            return Apply(e);
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

    // What is missing and will not be filled any more is lost, and that is said before it is forgotten.
    private void DeclareForgotten(in MarketEvent e)
    {
        foreach ((long from, long to) in _state.ForgottenBy(e))
        {
            Apply(MarketEvent.ForGap(new Gap(Feed.Trades, from, to, 0, 0, Gap.Forgotten), e.ReceiveTime));
        }
    }

    private TickRows? Apply(MarketEvent e)
    {
        e = _duplicates == 0 ? e : e.WithDuplicates(_duplicates);
        _duplicates = 0;
        _events.Append(_state.Sequence + 1, e);
        TickRows? rows = _state.Apply(e);
        _entry.Gauges.Applied(EventFeeds.Of(e), e, _state);
        _applied?.Invoke(_entry.Symbol, e);
        return rows;
    }

    private long Now() => Context.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
}
