using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Server;

/// <summary>
/// Turns what happens in one symbol's market into stream messages. Moved by the venue's pump, ten times a second;
/// streams that nobody asked for yet cost nothing. Used by one thread, but for <see cref="Add"/>.
/// </summary>
internal sealed class SymbolPublisher
{
    private const int MaxLevels = 20;

    private readonly ISymbolMarket _market;
    private readonly StreamHub _hub;
    private readonly MarketStep _step = new();
    private readonly BookDelta _delta = new();
    private readonly FrameWriter _writer = new();
    private readonly FrameWriter _global;
    private readonly BookLevel[] _bids = new BookLevel[MaxLevels];
    private readonly BookLevel[] _asks = new BookLevel[MaxLevels];
    private readonly Lock _gate = new();
    private readonly ISymbolHistory _history;
    private volatile TopicState[] _topics = [];
    private long _lastBookId;

    public SymbolPublisher(ISymbolMarket market, ISymbolHistory history, StreamHub hub, FrameWriter global)
    {
        _market = market;
        _history = history;
        _hub = hub;
        _global = global;
        Phase = GeneratedSymbol.Phase(Noise.Key(hub.Options.Seed, market.Spec.Symbol));
    }

    public SymbolSpec Spec => _market.Spec;

    /// <summary>Milliseconds after each multiple of 100 at which this symbol has its turn.</summary>
    public int Phase { get; }

    public ISymbolMarket Market => _market;

    public ISymbolHistory History => _history;

    /// <summary>True while the symbol does not trade: its market is moved on and nothing is published.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Begins to serve a stream.</summary>
    public void Add(StreamTopic topic)
    {
        lock (_gate)
        {
            _topics = [.. _topics, new TopicState(topic)];
        }
    }

    /// <summary>Moves the market to a time and publishes what happened.</summary>
    public void Step(long time)
    {
        _step.Clear();
        _market.Advance(time, _step);
        if (_step.Trades.Count > 0)
        {
            // Also while it is silent: REST knows them once it trades again.
            _hub.Ledger.Trades(Spec.Symbol, _step.Trades);
        }

        if (IsSilent)
        {
            return;
        }

        ChooseLiquidations();
        foreach (TopicState state in _topics)
        {
            switch (state.Topic.Parts.Kind)
            {
                case StreamKind.AggregateTrade:
                    Trades(state.Topic, time);
                    break;
                case StreamKind.BookTicker:
                    Quotes(state.Topic, time);
                    break;
                case StreamKind.PartialDepth:
                    Partial(state, time);
                    break;
                case StreamKind.DiffDepth:
                    Diff(state, time);
                    break;
                case StreamKind.Kline:
                    Kline(state, time);
                    break;
                case StreamKind.MarkPrice:
                    Marks(state.Topic);
                    break;
                case StreamKind.ForceOrder:
                    Liquidations(state.Topic, time);
                    break;
            }
        }

        if (_hub.AllForceOrders is { } all)
        {
            Liquidations(all, time);
        }

        if (_market.HasBook)
        {
            _lastBookId = _market.BookUpdateId;
        }
    }

    /// <summary>
    /// Appends this symbol's newest mark price to the array that goes to all; false when it has none of that second.
    /// </summary>
    public bool AppendMark(long second)
    {
        if (IsSilent || _history.MarkAt(second) is not { } point)
        {
            return false;
        }

        StreamMessages.MarkPrice(_global, Spec.Symbol, point, 1);
        return true;
    }

    private bool IsDue(long time, long speedMs) => time % 100 == Phase && speedMs switch
    {
        500 => time / 100 % 5 == 0,
        250 => time / 100 % 5 is 0 or 2,
        _ => true,
    };

    private void Publish(StreamTopic topic, in MessageMark mark)
    {
        int every = _hub.Options.UnknownFieldEvery;
        if (every > 0 && Noise.Hash((ulong)topic.Index, mark.Id + mark.EventTime) % (ulong)every == 0)
        {
            // The venue adds fields without notice: readers must not mind.
            _writer.Drop();
            _writer.Raw(",\"zz\":{\"v\":[1,\"x\",null]}}"u8);
        }

        _hub.Publish(topic, mark, _writer.Written);
        _writer.Clear();
    }

    private void Trades(StreamTopic topic, long time)
    {
        foreach (TradePrint trade in _step.Trades)
        {
            StreamMessages.AggregateTrade(_writer, Spec, trade, time);
            Publish(topic, new MessageMark(trade.Id, time, true));
        }
    }

    private void Quotes(StreamTopic topic, long time)
    {
        foreach (TopQuote quote in _step.Quotes)
        {
            StreamMessages.BookTicker(_writer, Spec, quote, time);
            Publish(topic, new MessageMark(quote.UpdateId, time, true));
        }
    }

    private void Partial(TopicState state, long time)
    {
        if (!_market.HasBook || !IsDue(time, state.Topic.Parts.IntervalMs) || state.BookId == _market.BookUpdateId)
        {
            return;
        }

        int levels = state.Topic.Parts.Levels;
        Span<BookLevel> bids = _bids.AsSpan(0, _market.Levels(true, _bids.AsSpan(0, levels)));
        Span<BookLevel> asks = _asks.AsSpan(0, _market.Levels(false, _asks.AsSpan(0, levels)));
        state.BookId = _market.BookUpdateId;
        if (state.IsSame(bids, asks))
        {
            return; // nothing changed among the levels shown
        }

        long previous = state.LastUpdateId == 0 ? _lastBookId : state.LastUpdateId;
        StreamMessages.Depth(
            _writer, Spec, time, _market.BookTime, previous + 1, _market.BookUpdateId, previous, bids, asks);
        state.LastUpdateId = _market.BookUpdateId;
        Publish(state.Topic, new MessageMark(_market.BookUpdateId, time, true));
    }

    private void Diff(TopicState state, long time)
    {
        if (!_market.HasBook || !IsDue(time, state.Topic.Parts.IntervalMs))
        {
            return;
        }

        if (state.Chain is null)
        {
            state.Chain = _market.OpenChain();
        }
        else if (_market.TakeDelta(state.Chain, _delta))
        {
            StreamMessages.Depth(
                _writer, Spec, time, _delta.Time, _delta.FirstUpdateId, _delta.LastUpdateId,
                    _delta.PreviousLastUpdateId,
                System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_delta.Bids),
                System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_delta.Asks));
            Publish(state.Topic, new MessageMark(_delta.LastUpdateId, time, true));
        }
    }

    private void Kline(TopicState state, long time)
    {
        KlineInterval interval = state.Interval;
        if (state.Bar is not { } bar)
        {
            state.Bar = KlineBuilder.Bar(_history, interval, interval.OpenOf(time), time);
            state.HasChanged = true;
            return;
        }

        foreach (TradePrint trade in _step.Trades)
        {
            while (trade.Time >= interval.NextOf(bar.OpenTime))
            {
                bar = FinishBar(state, bar, time);
            }

            bar = bar.With(trade);
            state.HasChanged = true;
        }

        while (time >= interval.NextOf(bar.OpenTime))
        {
            bar = FinishBar(state, bar, time);
        }

        state.Bar = bar;
        if (state.HasChanged && bar.TradeCount > 0 && time - state.LastPush >= 250)
        {
            state.HasChanged = false;
            state.LastPush = time;
            PushBar(state.Topic, interval, bar, false, time);
        }
    }

    private MarketBar FinishBar(TopicState state, in MarketBar bar, long time)
    {
        // Without trades the venue sometimes sends no final push; clients must close bars by the clock too.
        if (bar.TradeCount > 0 || (!_market.IsOver && Noise.Hash(77, bar.OpenTime) % 2 == 0))
        {
            PushBar(state.Topic, state.Interval, bar, true, time);
        }
        else
        {
            _hub.Ledger.Generated(state.Topic, new MessageMark(bar.OpenTime, time, false));
        }

        state.HasChanged = false;
        state.LastPush = time;
        return MarketBar.Empty(state.Interval.NextOf(bar.OpenTime), bar.Close);
    }

    private void PushBar(StreamTopic topic, KlineInterval interval, in MarketBar bar, bool isFinal, long time)
    {
        StreamMessages.Kline(_writer, Spec, interval.Name, bar, interval.NextOf(bar.OpenTime) - 1, isFinal, time);
        Publish(topic, new MessageMark(bar.OpenTime, time, isFinal));
    }

    private void Marks(StreamTopic topic)
    {
        foreach (MarkPoint mark in _step.Marks)
        {
            if (topic.Parts.IntervalMs == 1000 || mark.Time / 1000 % 3 == 0)
            {
                StreamMessages.MarkPrice(_writer, Spec.Symbol, mark, 1);
                Publish(topic, new MessageMark(mark.Time, mark.Time, true));
            }
        }
    }

    // The venue shows at most one order per symbol and second: the latest. The others are in the ledger's truth only.
    private void ChooseLiquidations()
    {
        if (_step.Liquidations.Count == 0)
        {
            return;
        }

        _hub.Ledger.Liquidations(Spec.Symbol, _step.Liquidations);
        for (int i = _step.Liquidations.Count - 2; i >= 0; i--)
        {
            if (_step.Liquidations[i].Time / 1000 == _step.Liquidations[i + 1].Time / 1000)
            {
                _step.Liquidations.RemoveAt(i);
            }
        }
    }

    private void Liquidations(StreamTopic topic, long time)
    {
        foreach (LiquidationPrint order in _step.Liquidations)
        {
            StreamMessages.ForceOrder(
                _writer, Spec.Symbol, Spec.Pair, Spec.PriceDecimals, Spec.QuantityDecimals, order, time, 1);
            Publish(topic, new MessageMark(order.Time, time, true, Spec.Symbol));
        }
    }
}
