using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Replay;

/// <summary>All that files hold of one symbol, in recorded order.</summary>
internal sealed class Recording(string symbol)
{
    public string Symbol => symbol;

    public List<Record> Records { get; } = [];

    /// <summary>Most digits after the point among its prices.</summary>
    public int PriceDigits { get; set; }

    /// <summary>Most digits after the point among its quantities.</summary>
    public int QuantityDigits { get; set; }

    /// <summary>Event time of the first record, epoch ms.</summary>
    public long FirstTime => Records.Count == 0 ? 0 : Records.Min(static record => record.EventTime);

    /// <summary>Event time of the last record, epoch ms.</summary>
    public long LastTime => Records.Count == 0 ? 0 : Records.Max(static record => record.EventTime);

    /// <summary>Turns prices and quantities into units of the last digit and moves all times by a constant.</summary>
    public void Settle(long moveMs)
    {
        long priceScale = Power(8 - PriceDigits);
        long quantityScale = Power(8 - QuantityDigits);
        long newest = long.MinValue;
        foreach (Record record in Records)
        {
            // Recorded order is kept: a record whose own time lies before its predecessor's is replayed together with
            // that one.
            record.EventTime += moveMs;
            newest = Math.Max(newest, record.EventTime);
            record.ReplayTime = newest;
            record.Time += moveMs;
            Scale(record.Bids, priceScale, quantityScale);
            Scale(record.Asks, priceScale, quantityScale);
            if (record.Kind is RecordKind.Trade or RecordKind.Quote)
            {
                record.Price /= priceScale;
                record.OtherPrice /= priceScale;
                record.Quantity /= quantityScale;
                record.OtherQuantity /= quantityScale;
            }
        }
    }

    /// <summary>Returns 10 to a power from 0 to 18.</summary>
    public static long Power(int digits)
    {
        long power = 1;
        for (int i = 0; i < digits; i++)
        {
            power *= 10;
        }

        return power;
    }

    private static void Scale(BookLevel[] levels, long priceScale, long quantityScale)
    {
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = new BookLevel(levels[i].Price / priceScale, levels[i].Quantity / quantityScale);
        }
    }
}
