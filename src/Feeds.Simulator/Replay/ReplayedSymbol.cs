using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Replay;

/// <summary>
/// The market of one symbol as it was recorded, and its past. What no recording holds (open interest, ratios,
/// settlements, and mark prices where there are none) is derived from the seed and the recorded price. Safe from
/// several threads: one lock.
/// </summary>
internal sealed class ReplayedSymbol : ISymbolMarket, ISymbolHistory
{
    private readonly Lock _gate = new();
    private readonly Recording _recording;
    private readonly List<TradePrint> _trades = [];
    private readonly List<MarkPoint> _marks = [];
    private readonly RecordedBook _book = new();
    private readonly SlowSeries _slow;
    private readonly ulong _key;
    private readonly long _firstTime;
    private readonly long _lastTime;
    private int _next;
    private int _tradesDone;
    private int _lastMark = -1;
    private long _second;

    /// <param name="recording">What was recorded, settled in time and units.</param>
    /// <param name="seed">Seed of what is derived.</param>
    /// <param name="startTime">What lies before this time has happened already.</param>
    public ReplayedSymbol(Recording recording, ulong seed, long startTime)
    {
        _recording = recording;
        _key = Noise.Key(seed, recording.Symbol);
        foreach (Record record in recording.Records)
        {
            if (record.Kind == RecordKind.Trade)
            {
                _trades.Add(new TradePrint(
                    record.Id, record.Time, record.Price, record.Quantity, record.Quantity, record.FirstId,
                        record.LastId,
                    record.BuyerIsMaker));
            }
            else if (record.Kind == RecordKind.Mark)
            {
                _marks.Add(new MarkPoint(
                    record.EventTime, record.Price, record.Quantity, record.Price, record.OtherPrice,
                        record.OtherQuantity, record.Time));
            }
        }

        _firstTime = recording.Records[0].ReplayTime;
        _lastTime = recording.Records[^1].ReplayTime;
        Spec = ReplayedSpec.Of(recording, _trades, _firstTime);
        _slow = new SlowSeries(Spec, _key, LogAt, PremiumAt, static _ => 1);
        _second = startTime / 1000;
        Advance(startTime, new MarketStep());
    }

    public SymbolSpec Spec { get; }

    public bool MovesFinely => true;

    public bool IsOver => _next >= _recording.Records.Count;

    public bool HasBook => _book.IsWhole;

    public long BookUpdateId => _book.LastUpdateId;

    public long BookTime => _book.Time;

    public void Advance(long time, MarketStep step)
    {
        lock (_gate)
        {
            List<Record> records = _recording.Records;
            while (_next < records.Count && records[_next].ReplayTime <= time)
            {
                Apply(records[_next++], step);
            }

            for (; (_second + 1) * 1000 <= time; _second++)
            {
                long at = (_second + 1) * 1000;
                if (_marks.Count == 0 && at >= _firstTime && at <= _lastTime && Derived(at) is { } mark)
                {
                    step.Marks.Add(mark);
                }
            }
        }
    }

    public int Levels(bool bids, Span<BookLevel> into) => _book.Levels(bids, into);

    public DeltaChain OpenChain()
    {
        lock (_gate)
        {
            return _book.OpenChain();
        }
    }

    public bool TakeDelta(DeltaChain chain, BookDelta into)
    {
        lock (_gate)
        {
            return _book.Take((RecordedChain)chain, into);
        }
    }

    public BookImage? Book(int depth, long now)
    {
        lock (_gate)
        {
            if (!_book.IsWhole)
            {
                return null;
            }

            BookLevel[] bids = new BookLevel[depth];
            BookLevel[] asks = new BookLevel[depth];
            Array.Resize(ref bids, _book.Levels(true, bids));
            Array.Resize(ref asks, _book.Levels(false, asks));
            return new BookImage(_book.LastUpdateId, _book.Time, bids, asks);
        }
    }

    public void TradesFrom(long id, int limit, long now, List<TradePrint> into)
    {
        int at = _trades.FindIndex(trade => trade.Id >= id);
        for (; at >= 0 && at < _trades.Count && _trades[at].Time <= now && into.Count < limit; at++)
        {
            into.Add(_trades[at]);
        }
    }

    public void TradesBetween(long start, long end, int limit, long now, List<TradePrint> into)
    {
        for (int i = IndexOf(start); i < _trades.Count && _trades[i].Time <= Math.Min(end, now)
            && into.Count < limit; i++)
        {
            into.Add(_trades[i]);
        }
    }

    public void LastTrades(int limit, long now, List<TradePrint> into)
    {
        int end = IndexOf(now + 1);
        into.AddRange(_trades[Math.Max(0, end - limit)..end]);
    }

    public MarketBar? Minute(long minute, long now)
    {
        long start = minute * 60_000;
        if (start + 60_000 <= _firstTime || start > Math.Min(now, _lastTime) || _trades.Count == 0)
        {
            return null;
        }

        int at = IndexOf(start);
        MarketBar bar = MarketBar.Empty(start, at > 0 ? _trades[at - 1].Price : _trades[0].Price);
        for (; at < _trades.Count && _trades[at].Time < start + 60_000 && _trades[at].Time <= now; at++)
        {
            bar = bar.With(_trades[at]);
        }

        return bar.TradeCount == 0 && at == 0 ? null : bar;
    }

    public MarkPoint? MarkAt(long time)
    {
        lock (_gate)
        {
            int at = _marks.FindLastIndex(mark => mark.Time <= time);
            return at >= 0 && time - _marks[at].Time < 60_000 ? _marks[at] : Derived(time);
        }
    }

    public long? OpenInterest(long time)
    {
        lock (_gate)
        {
            return _slow.OpenInterest(time);
        }
    }

    public double? LongShare(int kind, long time)
    {
        lock (_gate)
        {
            return _slow.LongShare(kind, time);
        }
    }

    public long? SettledRate(long slot)
    {
        lock (_gate)
        {
            return _slow.SettledRate(slot);
        }
    }

    public long SettlementTime(long slot) => _slow.SettlementTime(slot);

    private void Apply(Record record, MarketStep step)
    {
        switch (record.Kind)
        {
            case RecordKind.Snapshot:
                _book.Snapshot(record);
                step.BookMoved = true;
                break;
            case RecordKind.Delta:
                _book.Delta(record);
                step.BookMoved = true;
                break;
            case RecordKind.Quote:
                step.Quotes.Add(new TopQuote(
                    record.LastId, record.Time, record.Price, record.Quantity, record.OtherPrice,
                        record.OtherQuantity));
                break;
            case RecordKind.Trade:
                step.Trades.Add(_trades[_tradesDone++]);
                break;
            case RecordKind.Mark:
                step.Marks.Add(_marks[++_lastMark]);
                break;
        }
    }

    // Without recorded marks: the last trade's price, and an index that a slow premium separates from it.
    private MarkPoint? Derived(long time)
    {
        if (_trades.Count == 0)
        {
            return null;
        }

        double price = _trades[Math.Max(0, IndexOf(time + 1) - 1)].Price / (double)Recording.Power(Spec.PriceDecimals);
        long mark = (long)(price * 1e8);
        long index = (long)(price * Noise.Exp(-PremiumAt(time / 60_000)) * 1e8);
        return new MarkPoint(
            time, mark, index, mark, (mark + index) / 2, _slow.PredictedRate(time),
            ((time / _slow.FundingInterval) + 1) * _slow.FundingInterval);
    }

    private double PremiumAt(long minute) => 0.0005 * (Noise.Octaves(_key + 100, minute, 16, 8) - 0.2);

    private double LogAt(long minute)
    {
        int at = IndexOf(minute * 60_000) - 1;
        return at < 0 ? 0 : (_trades[at].Price / (double)_trades[0].Price) - 1;
    }

    /// <summary>Position of the first trade at or after a time.</summary>
    private int IndexOf(long time)
    {
        int low = 0;
        for (int high = _trades.Count; low < high;)
        {
            int middle = (low + high) / 2;
            if (_trades[middle].Time < time)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
