namespace Feeds.Simulator.Markets;

/// <summary>
/// The tape of a generated symbol. The number of trades before any minute follows from the seed alone, so ids are
/// consecutive over all time and any minute can be made on its own. Not safe from several threads.
/// </summary>
internal sealed class GeneratedTrades
{
    private const int KeptMinutes = 3;

    private readonly GeneratedPrices _prices;
    private readonly ulong _key;
    private readonly long _firstDay;
    private readonly List<long> _before = [1];
    private readonly double _typicalQuantity;
    private readonly (long Minute, TradePrint[] Trades)[] _kept = new (long, TradePrint[])[KeptMinutes];

    public GeneratedTrades(GeneratedPrices prices)
    {
        _prices = prices;
        _key = prices.Key + 40;
        _firstDay = prices.Spec.OnboardTime / 86_400_000;
        double step = 1;
        for (int i = 0; i < prices.Spec.QuantityDecimals; i++)
        {
            step *= 10;
        }

        _typicalQuantity = prices.Spec.TypicalTradeValue / prices.Spec.BasePrice * step;
        Array.Fill(_kept, (-1, []));
    }

    /// <summary>What a trade is worth on average, in quantity units.</summary>
    public double TypicalQuantity => _typicalQuantity;

    /// <summary>Raw ids rise by 1 to 5 from one aggregate trade to the next, without any sum to keep.</summary>
    public long RawId(long id) => (id * 3) + (long)(Noise.Hash(_key + 2, id) % 3);

    /// <summary>Id of the first trade at or after a minute's start.</summary>
    public long FirstIdOf(long minute)
    {
        long day = minute / MarketWalk.Minutes;
        return day < _firstDay ? 1 : FirstIdOfDay(day) + _prices.Day(day).TradesBefore[minute % MarketWalk.Minutes];
    }

    /// <summary>The minute that holds a trade; a trade that is yet to come has one too.</summary>
    public long MinuteOf(long id)
    {
        long day = _firstDay + Math.Max(0, _before.Count - 2);
        while (FirstIdOfDay(day + 1) <= id)
        {
            day++;
        }

        int at = _before.BinarySearch(id);
        day = _firstDay + (at < 0 ? ~at - 1 : at);
        int[] before = _prices.Day(day).TradesBefore;
        int offset = (int)(id - FirstIdOfDay(day));
        int low = 0;
        for (int high = MarketWalk.Minutes - 1; low < high;)
        {
            int middle = (low + high + 1) / 2;
            if (before[middle] <= offset)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        // The last of the minutes that begin with this id: the others are empty.
        return (day * MarketWalk.Minutes) + low;
    }

    /// <summary>The trades of a minute, oldest first.</summary>
    public TradePrint[] Minute(long minute)
    {
        ref (long Minute, TradePrint[] Trades) kept = ref _kept[(int)(minute % KeptMinutes)];
        if (kept.Minute != minute)
        {
            kept = (minute, Make(minute));
        }

        return kept.Trades;
    }

    private long FirstIdOfDay(long day)
    {
        while (_before.Count <= day - _firstDay)
        {
            _before.Add(_before[^1] + _prices.TradesOf(_firstDay + _before.Count - 1));
        }

        return _before[(int)(day - _firstDay)];
    }

    private TradePrint[] Make(long minute)
    {
        if (minute / MarketWalk.Minutes < _firstDay)
        {
            return [];
        }

        long id = FirstIdOf(minute);
        int count = (int)(FirstIdOf(minute + 1) - id);
        if (count == 0)
        {
            return [];
        }

        TradePrint[] trades = new TradePrint[count];
        MinutePath path = _prices.Minute(minute);
        Span<int> until = stackalloc int[60];
        Spread(minute, path, count, until);
        int made = 0;
        long lastSlot = -1;
        (long Bid, long Ask) touch = default;
        for (int second = 0; second < 60; second++)
        {
            int inSecond = until[second] - made;
            for (int i = 0; i < inSecond; i++)
            {
                ulong bits = Noise.Hash(_key + 1, id + made);
                double share = (i + Noise.Unit(bits)) / inSecond;
                long time = (minute * 60_000) + (second * 1000) + (int)(share * 1000);
                long slot = time / 100;
                if (slot != lastSlot)
                {
                    touch = _prices.Touch(slot);
                    lastSlot = slot;
                }

                trades[made] = Print(id + made, time, touch, path, (int)(slot % MinutePath.Slots), Noise.Mix(bits));
                made++;
            }
        }

        return trades;
    }

    private TradePrint Print(
        long id, long time, (long Bid, long Ask) touch, MinutePath path, int at, ulong bits)
    {
        // Takers buy more often while the price rises: a second around the trade decides.
        int from = Math.Max(0, at - 5);
        int to = Math.Min(MinutePath.Slots, at + 5);
        double moved = path.Trend[to] + path.Wiggle[to] - path.Trend[from] - path.Wiggle[from];
        double buys = 0.5 + Math.Clamp(0.12 * moved / path.Sigma, -0.4, 0.4);
        bool sell = Noise.Unit(bits) >= buys;
        ulong more = Noise.Mix(bits);
        double size = 0.15 + (((more & 0xFFFF) / 65536.0) * 0.5 / (0.02 + (((more >> 16) & 0xFFFF) / 65536.0)));
        long quantity = Math.Max(1, (long)(_typicalQuantity * size));
        long withoutRpi = (more >> 60) == 0 ? quantity - (long)(quantity * (((more >> 32) & 0xFF) / 256.0)) : quantity;
        return new TradePrint(
            id, time, (sell ? touch.Bid : touch.Ask) * _prices.Spec.TickUnits, quantity, withoutRpi, RawId(id), RawId(
                id + 1) - 1, sell);
    }

    private void Spread(long minute, MinutePath path, int count, Span<int> until)
    {
        Span<double> weight = stackalloc double[60];
        ulong draws = Noise.Hash(_key, minute);
        double total = 0;
        for (int i = 0; i < 60; i++)
        {
            double u = Noise.Unit(Noise.Hash(draws, i));
            double moved = Math.Abs(path.Wiggle[(i * 10) + 10] - path.Wiggle[i * 10]) / path.Sigma;
            weight[i] = 0.1 + (2 * u * u * u) + (0.15 * moved);
            total += weight[i];
        }

        double sum = 0;
        for (int i = 0; i < 60; i++)
        {
            sum += weight[i];
            until[i] = i == 59 ? count : (int)(count * (sum / total));
        }
    }
}
