namespace Feeds.Simulator.Markets;

/// <summary>
/// The past of a generated symbol: the same functions as its live market, asked under a lock of its own.
/// </summary>
internal sealed class GeneratedHistory : ISymbolHistory
{
    // Trades are served for 48 hours.
    private const int DetailedDays = 3;

    private readonly Lock _gate = new();
    private readonly GeneratedPrices _prices;
    private readonly GeneratedTrades _trades;
    private readonly GeneratedBook _book;
    private readonly GeneratedMarks _marks;
    private readonly CoarseMinutes _coarse;
    private readonly long _firstDetailed;
    private readonly int _phase;
    private IdShift _shift;

    /// <summary>
    /// Makes the past of a venue that starts at a time, epoch ms; more than two days before it bars have no tape.
    /// </summary>
    public GeneratedHistory(SymbolSpec spec, ulong seed, MarketWalk market, long startTime)
    {
        _firstDetailed = ((startTime / 86_400_000) - DetailedDays) * MarketWalk.Minutes;
        _prices = new GeneratedPrices(spec, seed, market);
        _trades = new GeneratedTrades(_prices);
        _book = new GeneratedBook(_prices);
        _marks = new GeneratedMarks(_prices);
        _coarse = new CoarseMinutes(_prices, _trades);
        _phase = GeneratedSymbol.Phase(_prices.Key);
    }

    public SymbolSpec Spec => _prices.Spec;

    /// <summary>Begins the numbers of trades and books anew: what was before belongs to another instrument.</summary>
    public void Renumber(IdShift shift)
    {
        lock (_gate)
        {
            _shift = shift;
        }
    }

    public void TradesFrom(long id, int limit, long now, List<TradePrint> into)
    {
        lock (_gate)
        {
            id = Math.Max(id, 1) + _shift.Trades;
            if (id >= _trades.FirstIdOf((now / 60_000) + 1))
            {
                return; // yet to come
            }

            long minute = _trades.MinuteOf(id);
            for (; minute <= now / 60_000 && into.Count < limit; minute++)
            {
                foreach (TradePrint trade in _trades.Minute(minute))
                {
                    if (trade.Id >= id && trade.Time <= now && into.Count < limit)
                    {
                        into.Add(trade.Renumbered(_shift.Trades));
                    }
                }
            }
        }
    }

    public void TradesBetween(long start, long end, int limit, long now, List<TradePrint> into)
    {
        lock (_gate)
        {
            end = Math.Min(end, now);
            long minute = Math.Max(start, Spec.OnboardTime) / 60_000;
            for (; minute <= end / 60_000 && into.Count < limit; minute++)
            {
                foreach (TradePrint trade in _trades.Minute(minute))
                {
                    if (trade.Time >= start && trade.Time <= end && trade.Id > _shift.Trades && into.Count < limit)
                    {
                        into.Add(trade.Renumbered(_shift.Trades));
                    }
                }
            }
        }
    }

    public void LastTrades(int limit, long now, List<TradePrint> into)
    {
        lock (_gate)
        {
            long minute = now / 60_000;
            TradePrint[] last = _trades.Minute(minute);
            int known = last.Count(trade => trade.Time <= now);
            long next = _trades.FirstIdOf(minute) + known;
            TradesFrom(next - limit - _shift.Trades, limit, now, into);
        }
    }

    public MarketBar? Minute(long minute, long now)
    {
        lock (_gate)
        {
            if (minute * 60_000 < Spec.OnboardTime || minute * 60_000 > now)
            {
                return null;
            }

            if (minute < _firstDetailed)
            {
                return _coarse.Bar(minute);
            }

            MarketBar bar = MarketBar.Empty(minute * 60_000, 0);
            foreach (TradePrint trade in _trades.Minute(minute))
            {
                if (trade.Time <= now)
                {
                    bar = bar.With(trade);
                }
            }

            return bar.TradeCount > 0 ? bar : MarketBar.Empty(minute * 60_000, PriceBefore(minute));
        }
    }

    public MarkPoint? MarkAt(long time)
    {
        lock (_gate)
        {
            return time < Spec.OnboardTime ? null : _marks.At(time);
        }
    }

    public long? OpenInterest(long time)
    {
        lock (_gate)
        {
            return time < Spec.OnboardTime ? null : _marks.Slow.OpenInterest(time);
        }
    }

    public double? LongShare(int kind, long time)
    {
        lock (_gate)
        {
            return time < Spec.OnboardTime ? null : _marks.Slow.LongShare(kind, time);
        }
    }

    public long? SettledRate(long slot)
    {
        lock (_gate)
        {
            return slot - _marks.Slow.FundingInterval < Spec.OnboardTime ? null : _marks.Slow.SettledRate(slot);
        }
    }

    public long SettlementTime(long slot) => _marks.Slow.SettlementTime(slot);

    public BookImage? Book(int depth, long now)
    {
        lock (_gate)
        {
            long slot = GeneratedSymbol.SlotAt(now, _phase);
            BookLevel[] bids = new BookLevel[depth];
            BookLevel[] asks = new BookLevel[depth];
            Array.Resize(ref bids, _book.Levels(slot, true, bids));
            Array.Resize(ref asks, _book.Levels(slot, false, asks));
            return new BookImage(_book.UpdateId(slot) - _shift.Books, GeneratedBook.Time(slot), bids, asks);
        }
    }

    // The last trade before a minute without trades; one day back is far enough for the quietest symbol.
    private long PriceBefore(long minute)
    {
        for (long m = minute - 1; m > minute - 1440; m--)
        {
            if (_trades.Minute(m) is { Length: > 0 } trades)
            {
                return trades[^1].Price;
            }
        }

        return _prices.Touch(minute * MinutePath.Slots).Bid * Spec.TickUnits;
    }
}
