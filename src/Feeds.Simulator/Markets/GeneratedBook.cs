namespace Feeds.Simulator.Markets;

/// <summary>
/// The book of a generated symbol as a function of the slot: each price has a rhythm of its own in which its quantity
/// is drawn anew, the prices at the touch flicker, and what lies more than <see cref="Window"/> ticks behind the touch
/// does not exist. Two books of different slots can be compared exactly, so snapshots and deltas agree by construction.
/// Not safe from several threads.
/// </summary>
internal sealed class GeneratedBook
{
    /// <summary>Ticks behind the touch that hold orders.</summary>
    public const int Window = 1500;

    private static readonly int[] Rhythms = [5, 8, 13, 34, 89, 233, 610, 1597];

    private readonly GeneratedPrices _prices;
    private readonly ulong _key;
    private readonly double _typicalQuantity;
    private readonly int _density;
    private readonly int _flicker;
    private readonly long _firstSlot;

    public GeneratedBook(GeneratedPrices prices)
    {
        _prices = prices;
        SymbolSpec spec = prices.Spec;
        _key = prices.Key + 60;
        double step = 1;
        for (int i = 0; i < spec.QuantityDecimals; i++)
        {
            step *= 10;
        }

        _typicalQuantity = spec.TypicalLevelValue / spec.BasePrice * step;
        _density = (int)(spec.BookDensity * 1024);
        _flicker = spec.TradesPerSecond >= 3 ? 1 : spec.TradesPerSecond >= 1 ? 3 : 11;
        _firstSlot = spec.OnboardTime / 100;
    }

    /// <summary>The book's update id at a slot; it rises by 1 to 73 from slot to slot.</summary>
    public long UpdateId(long slot) => 1000 + ((slot - _firstSlot) * 37) + (long)(Noise.Hash(_key + 3, slot) % 37);

    /// <summary>When the book of a slot came to be, epoch ms.</summary>
    public static long Time(long slot) => slot * 100;

    /// <summary>Fills the best levels of a side, best first; returns how many there are.</summary>
    public int Levels(long slot, bool bids, Span<BookLevel> into)
    {
        (long bid, long ask) = _prices.Touch(slot);
        long tick = bids ? bid : ask;
        long last = bids ? Math.Max(1, bid - Window) : ask + Window;
        int count = 0;
        while (count < into.Length && (bids ? tick >= last : tick <= last))
        {
            long quantity = Quantity(tick, slot, bids, bids ? bid : ask);
            if (quantity > 0)
            {
                into[count++] = new BookLevel(tick * _prices.Spec.TickUnits, quantity);
            }

            tick += bids ? -1 : 1;
        }

        return count;
    }

    /// <summary>The quantity at the best price of a side.</summary>
    public long TouchQuantity(long slot, bool bids, long touch) => Quantity(touch, slot, bids, touch);

    /// <summary>Adds to a list every price of a side whose quantity differs between two slots.</summary>
    public void Changes(long fromSlot, long toSlot, bool bids, List<BookLevel> into)
    {
        (long bid0, long ask0) = _prices.Touch(fromSlot);
        (long bid1, long ask1) = _prices.Touch(toSlot);
        long touch0 = bids ? bid0 : ask0;
        long touch1 = bids ? bid1 : ask1;
        long low = Math.Max(1, bids ? Math.Min(touch0, touch1) - Window : Math.Min(touch0, touch1));
        long high = bids ? Math.Max(touch0, touch1) : Math.Max(touch0, touch1) + Window;
        for (long tick = low; tick <= high; tick++)
        {
            long before = Inside(tick, bids, touch0) ? Quantity(tick, fromSlot, bids, touch0) : 0;
            long after = Inside(tick, bids, touch1) ? Quantity(tick, toSlot, bids, touch1) : 0;
            if (before != after)
            {
                into.Add(new BookLevel(tick * _prices.Spec.TickUnits, after));
            }
        }
    }

    private static bool Inside(long tick, bool bids, long touch) =>
        bids ? tick <= touch && tick >= touch - Window : tick >= touch && tick <= touch + Window;

    private long Quantity(long tick, long slot, bool bids, long touch)
    {
        ulong level = Noise.Hash(bids ? _key : _key + 1, tick);
        int rhythm = Rhythms[(int)(level & 7)];
        int phase = (int)((level >> 8) & 0xFFFF) % rhythm;
        long epoch = (slot + phase) / rhythm;
        ulong bits = Noise.Hash(level, epoch);
        long distance = Math.Abs(tick - touch);
        if (distance > 0 && (int)(bits & 1023) >= _density)
        {
            return 0;
        }

        double u = ((bits >> 10) & 0xFFFFF) / 1048576.0;
        double size = 0.05 + (u * u * 1.6) + ((bits >> 58) == 0 ? 4 : 0);
        size *= Lean((epoch * rhythm) - phase, bids);
        if (distance < 3)
        {
            ulong flicker = Noise.Hash(bits, (slot + (long)(level >> 40)) / (_flicker * (1 + distance)));
            size *= 0.15 + (0.9 * ((flicker & 0xFFFF) / 65536.0));
        }

        return Math.Max(1, (long)(_typicalQuantity * size));
    }

    // Orders lean to the side where the price is about to go: the book knows a little of the next minute.
    private double Lean(long slot, bool bids)
    {
        long minute = slot / MinutePath.Slots;
        SymbolDay day = _prices.Day(minute / MarketWalk.Minutes);
        int at = (int)(minute % MarketWalk.Minutes);
        double move = Math.Clamp((day.Log[at + 1] - day.Log[at]) / day.Sigma[at], -1.0, 1.0);
        return 1 + (bids ? 0.35 * move : -0.35 * move);
    }
}
