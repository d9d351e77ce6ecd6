namespace Feeds.Simulator.Markets;

/// <summary>
/// The market of one symbol made from a seed, as it unfolds. Everything it says is a function of the seed and of time,
/// so a second instance (the one that answers for the past) agrees with it without sharing anything.
/// </summary>
internal sealed class GeneratedSymbol : ISymbolMarket
{
    private readonly GeneratedPrices _prices;
    private readonly GeneratedTrades _trades;
    private readonly GeneratedBook _book;
    private readonly GeneratedLiquidations _liquidations;
    private readonly GeneratedMarks _marks;
    private readonly int _phase;
    private long _slot;
    private long _second;
    private TopQuote _quote;
    private long _tradeMinute;
    private int _tradesTaken;
    private IdShift _shift;

    public GeneratedSymbol(SymbolSpec spec, ulong seed, MarketWalk market, long startTime)
    {
        _prices = new GeneratedPrices(spec, seed, market);
        _trades = new GeneratedTrades(_prices);
        _book = new GeneratedBook(_prices);
        _liquidations = new GeneratedLiquidations(_prices);
        _marks = new GeneratedMarks(_prices);
        _phase = Phase(_prices.Key);
        _slot = SlotAt(startTime, _phase);
        _second = startTime / 1000;
        _tradeMinute = startTime / 60_000;
        _tradesTaken = _trades.Minute(_tradeMinute).Count(trade => trade.Time <= startTime);
    }

    public SymbolSpec Spec => _prices.Spec;

    public bool MovesFinely => false;

    public bool IsOver => false;

    public bool HasBook => true;

    public long BookUpdateId => UpdateId(_slot);

    public long BookTime => GeneratedBook.Time(_slot);

    /// <summary>
    /// Milliseconds after each multiple of 100 at which a symbol's book is published: symbols take turns.
    /// </summary>
    public static int Phase(ulong key) => (int)(Noise.Hash(key, 77) % 10) * 10;

    /// <summary>The newest slot whose book is out at a time.</summary>
    public static long SlotAt(long time, int phase) => (time - phase) / 100;

    public void Advance(long time, MarketStep step)
    {
        TakeTrades(time, step.Trades);
        for (long second = _second + 1; second <= time / 1000; second++)
        {
            step.Marks.Add(_marks.At(second * 1000));
            _liquidations.Second(second - 1, step.Liquidations);
            _second = second;
        }

        long slot = SlotAt(time, _phase);
        if (slot > _slot)
        {
            _slot = slot;
            step.BookMoved = true;
            (long bid, long ask) = _prices.Touch(slot);
            TopQuote quote = new(
                UpdateId(slot), GeneratedBook.Time(slot), bid * Spec.TickUnits, _book.TouchQuantity(
                    slot, true, bid),
                ask * Spec.TickUnits, _book.TouchQuantity(slot, false, ask));
            if (quote with { UpdateId = 0, Time = 0 } != _quote with { UpdateId = 0, Time = 0 })
            {
                _quote = quote;
                step.Quotes.Add(quote);
            }
        }
    }

    public int Levels(bool bids, Span<BookLevel> into) => _book.Levels(_slot, bids, into);

    public DeltaChain OpenChain() => new SlotChain { Slot = _slot, LastUpdateId = UpdateId(_slot) };

    public bool TakeDelta(DeltaChain chain, BookDelta into)
    {
        SlotChain at = (SlotChain)chain;
        into.Bids.Clear();
        into.Asks.Clear();
        if (at.Slot == _slot)
        {
            return false;
        }

        _book.Changes(at.Slot, _slot, true, into.Bids);
        _book.Changes(at.Slot, _slot, false, into.Asks);
        at.Slot = _slot;
        if (into.Bids.Count + into.Asks.Count == 0)
        {
            return false;
        }

        into.PreviousLastUpdateId = at.LastUpdateId;
        into.FirstUpdateId = at.LastUpdateId + 1;
        into.LastUpdateId = UpdateId(_slot);
        into.Time = GeneratedBook.Time(_slot);
        at.LastUpdateId = into.LastUpdateId;
        return true;
    }

    /// <summary>Begins the numbers of trades and books anew, from here on; returns by how much.</summary>
    public IdShift Renumber()
    {
        long nextTrade = _trades.FirstIdOf(_tradeMinute) + _tradesTaken;
        _shift = new IdShift(nextTrade - 1, _book.UpdateId(_slot) - 1);
        return _shift;
    }

    private long UpdateId(long slot) => _book.UpdateId(slot) - _shift.Books;

    private void TakeTrades(long time, List<TradePrint> into)
    {
        while (true)
        {
            TradePrint[] trades = _trades.Minute(_tradeMinute);
            while (_tradesTaken < trades.Length && trades[_tradesTaken].Time <= time)
            {
                into.Add(trades[_tradesTaken++].Renumbered(_shift.Trades));
            }

            if (_tradeMinute >= time / 60_000)
            {
                return;
            }

            _tradeMinute++;
            _tradesTaken = 0;
        }
    }

    private sealed class SlotChain : DeltaChain
    {
        public long Slot { get; set; }
    }
}
