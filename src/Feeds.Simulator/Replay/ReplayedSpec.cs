using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Replay;

/// <summary>Finds out what a recorded symbol is from what was recorded of it.</summary>
internal static class ReplayedSpec
{
    public static SymbolSpec Of(Recording recording, List<TradePrint> trades, long firstTime)
    {
        SymbolSpec known = SymbolSpecs.For(recording.Symbol);
        double unit = Recording.Power(recording.PriceDigits);
        double price = trades.Count > 0 ? trades[0].Price / unit : known.BasePrice;
        return known with
        {
            PriceDecimals = recording.PriceDigits,
            QuantityDecimals = recording.QuantityDigits,
            TickUnits = (int)Math.Clamp(Step(recording), 1, 1_000_000),
            BasePrice = price,
            Status = "TRADING",
            OnboardTime = Math.Min(known.OnboardTime, firstTime),
        };
    }

    // The largest step that all recorded prices are multiples of.
    private static long Step(Recording recording)
    {
        long step = 0;
        foreach (Record record in recording.Records)
        {
            if (record.Kind is RecordKind.Trade or RecordKind.Quote)
            {
                step = Divisor(step, record.Price);
                step = Divisor(step, record.OtherPrice);
            }

            if (step == 1)
            {
                break;
            }
        }

        return step;
    }

    private static long Divisor(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
