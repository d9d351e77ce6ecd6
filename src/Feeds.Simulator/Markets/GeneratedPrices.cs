namespace Feeds.Simulator.Markets;

/// <summary>
/// The price of a generated symbol at any moment: the market's walk times beta, the symbol's own walk, a slow premium
/// of the future over the index, and a fast wiggle within the minute. Not safe from several threads (it caches what it
/// made last).
/// </summary>
internal sealed class GeneratedPrices
{
    private const int KeptDays = 6;
    private const int KeptMinutes = 4;

    private readonly MarketWalk _market;
    private readonly MarketWalk _own;
    private readonly ulong _key;
    private readonly double _premiumSize;
    private readonly double _ticksOfBase;
    private readonly Dictionary<long, SymbolDay> _days = [];
    private readonly Queue<long> _dayOrder = new();
    private readonly MinutePath?[] _minutes = new MinutePath?[KeptMinutes];

    public GeneratedPrices(SymbolSpec spec, ulong seed, MarketWalk market)
    {
        Spec = spec;
        _market = market;
        _key = Noise.Key(seed, spec.Symbol);
        _own = new MarketWalk(_key + 11, spec.DailyVolatility, 60, 0.4);
        _premiumSize = 0.0003 + (0.0008 * Noise.Unit(Noise.Hash(_key, 5)));
        double unit = 1;
        for (int i = 0; i < spec.PriceDecimals; i++)
        {
            unit *= 10;
        }

        _ticksOfBase = spec.BasePrice * unit / spec.TickUnits;
    }

    public SymbolSpec Spec { get; }

    /// <summary>Key of this symbol's chance.</summary>
    public ulong Key => _key;

    public SymbolDay Day(long day)
    {
        if (!_days.TryGetValue(day, out SymbolDay? made))
        {
            made = Make(day);
            _days.Add(day, made);
            _dayOrder.Enqueue(day);
            if (_dayOrder.Count > KeptDays)
            {
                _days.Remove(_dayOrder.Dequeue());
            }
        }

        return made;
    }

    /// <summary>Log price at a minute's start, without premium.</summary>
    public double LogAt(long minute) => Day(minute / MarketWalk.Minutes).Log[minute % MarketWalk.Minutes];

    /// <summary>The price at a minute's start without the wiggle within minutes, in whole ticks, at least 1.</summary>
    public long MidAt(long minute) => Math.Max(1, (long)(_ticksOfBase * Noise.Exp(LogAt(minute) + PremiumAt(minute))));

    /// <summary>Log premium of the future over the index at a minute's start.</summary>
    public double PremiumAt(long minute) => _premiumSize * (Noise.Octaves(_key + 100, minute, 16, 8) - 0.2);

    public MinutePath Minute(long minute)
    {
        ref MinutePath? slot = ref _minutes[(int)(minute % KeptMinutes)];
        if (slot is null || slot.Minute != minute)
        {
            slot = MakeMinute(minute);
        }

        return slot;
    }

    /// <summary>Best bid and best ask at a slot (100 ms since the epoch), in ticks.</summary>
    public (long Bid, long Ask) Touch(long slot)
    {
        MinutePath path = Minute(slot / MinutePath.Slots);
        int i = (int)(slot % MinutePath.Slots);
        double mid = _ticksOfBase * Noise.Exp(path.Trend[i] + path.Premium[i] + path.Wiggle[i]);
        ulong bits = Noise.Hash(_key + 200, slot / 4);
        int spread = 1 + ((bits & 7) == 0 ? 1 : 0) + (Spec.BookDensity < 0.75 && (bits & 0x30) == 0 ? 1 : 0)
            + (path.Burst > 2 && (bits & 0xC0) == 0 ? (int)path.Burst : 0);
        long bid = Math.Max(1, (long)(mid - (0.5 * (spread - 1))));
        return (bid, bid + spread);
    }

    /// <summary>Mark and index price at a whole second, as fractions of quote currency.</summary>
    public (double Mark, double Index) MarkAndIndex(long second)
    {
        MinutePath path = Minute(second / 60);
        int i = (int)(second % 60) * 10;
        double index = Spec.BasePrice * Noise.Exp(path.Trend[i]);
        return (index * Noise.Exp(path.Premium[i] + (0.3 * path.Wiggle[i])), index);
    }

    private SymbolDay Make(long day)
    {
        WalkDay market = _market.Day(day);
        WalkDay own = _own.Day(day);
        double[] log = new double[MarketWalk.Minutes + 1];
        float[] sigma = new float[MarketWalk.Minutes];
        float[] burst = new float[MarketWalk.Minutes];
        double[] weight = new double[MarketWalk.Minutes];
        double total = 0;
        ulong weights = Noise.Hash(_key + 20, day);
        for (int i = 0; i <= MarketWalk.Minutes; i++)
        {
            log[i] = (Spec.Beta * market.Value[i]) + own.Value[i];
            if (i == MarketWalk.Minutes)
            {
                break;
            }

            double common = Spec.Beta * 0.03 / 38 * market.Burst[i];
            double alone = Spec.DailyVolatility / 38 * own.Burst[i];
            sigma[i] = (float)Math.Sqrt((common * common) + (alone * alone));
            burst[i] = Math.Max(market.Burst[i], own.Burst[i]);
            double hour = Math.Abs(((i / 60.0) + 9) % 24 - 12) / 12; // busiest at 15:00 UTC
            weight[i] = (1.3 - (0.6 * hour)) * (0.6 + (0.8 * Noise.Unit(Noise.Hash(weights, i)))) * burst[i];
            total += weight[i];
        }

        double trades = TradesOf(day);
        int[] before = new int[MarketWalk.Minutes + 1];
        double sum = 0;
        for (int i = 0; i < MarketWalk.Minutes; i++)
        {
            sum += weight[i];
            before[i + 1] = (int)(trades * (sum / total));
        }

        before[MarketWalk.Minutes] = (int)trades;
        return new SymbolDay(log, sigma, burst, before);
    }

    /// <summary>Aggregate trades of a day; at least 100.</summary>
    public int TradesOf(long day) =>
        100 + (int)(Spec.TradesPerSecond * 86400 * (0.8 + (0.4 * Noise.Unit(Noise.Hash(_key + 21, day)))));

    private MinutePath MakeMinute(long minute)
    {
        SymbolDay day = Day(minute / MarketWalk.Minutes);
        int at = (int)(minute % MarketWalk.Minutes);
        double sigma = day.Sigma[at] * 0.6 / 24.49; // the straight line has the rest; √600
        double[] trend = new double[MinutePath.Slots + 1];
        double[] premium = new double[MinutePath.Slots + 1];
        double[] wiggle = new double[MinutePath.Slots + 1];
        double p0 = PremiumAt(minute);
        double p1 = PremiumAt(minute + 1);
        double x = 0;
        ulong draws = Noise.Hash(_key + 22, minute);
        for (int i = 0; i <= MinutePath.Slots; i++)
        {
            double share = i / (double)MinutePath.Slots;
            trend[i] = day.Log[at] + ((day.Log[at + 1] - day.Log[at]) * share);
            premium[i] = p0 + ((p1 - p0) * share);
            wiggle[i] = x;
            x += sigma * Noise.Normal(Noise.Hash(draws, i));
        }

        double end = wiggle[MinutePath.Slots] / MinutePath.Slots;
        for (int i = 0; i <= MinutePath.Slots; i++)
        {
            wiggle[i] -= end * i;
        }

        return new MinutePath(minute, trend, premium, wiggle, sigma, day.Burst[at]);
    }
}
