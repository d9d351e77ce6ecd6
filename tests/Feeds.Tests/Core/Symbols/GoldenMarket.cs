using Feeds.Core.Books;
using Feeds.Core.Market;

namespace Feeds.Tests.Core.Symbols;

/// <summary>
/// A market of one symbol and its context with everything the golden vector needs, from a seed, as events in the order
/// of their receive times; ticks are on the grid.
/// </summary>
internal static class GoldenMarket
{
    public static readonly Symbol Own = Symbol.Parse("DOGEUSDT");
    public static readonly Symbol Btc = Symbol.Parse("BTCUSDT");
    public static readonly Symbol Eth = Symbol.Parse("ETHUSDT");
    public static readonly Symbol Peer = Symbol.Parse("1000PEPEUSDT");

    /// <summary>A Tuesday at 00:00 UTC.</summary>
    public const long Start = 1_748_908_800_000;

    public static SymbolSettings Settings(int intervalMs) => new(intervalMs, 3, SymbolSettings.AllFeeds)
    {
        Features = true,
        Context = new ContextSymbols(Btc, Eth, [Own, Peer]),
    };

    /// <summary>Bars, records and settlements of a stretch of minutes, received live.</summary>
    public static List<MarketEvent> Slow(int seed, int minutes, double missing = 0.002)
    {
        Random random = new(seed);
        List<MarketEvent> events = [];
        decimal[] price = [0.2m, 60_000m, 3_000m, 0.01m];
        for (int m = 0; m < minutes; m++)
        {
            long open = Start + (m * 60_000L);
            long received = open + 60_000 + random.Next(20, 1500);
            double market = (random.NextDouble() - 0.5) / 400;
            for (int s = 0; s < 4; s++)
            {
                Bar bar = NextBar(random, ref price[s], open, market);
                if (random.NextDouble() < missing)
                {
                    continue;
                }

                events.Add(s == 0
                    ? MarketEvent.ForBar(bar, open + 60_000, received, isFromStream: true)
                    : MarketEvent.ForContextBar(
                        new ContextBar(((Symbol[])[Own, Btc, Eth, Peer])[s], bar), received + random.Next(3)));
            }

            if (m % 5 == 0)
            {
                decimal openInterest = 1_000_000 + random.Next(100_000);
                events.Add(MarketEvent.ForOpenInterest(
                    new OpenInterestRecord(300_000, openInterest, openInterest * 0.2m), open,
                    open + 240_000 + random.Next(90_000)));
            }

            if (m % 240 == 0)
            {
                events.Add(MarketEvent.ForFunding(
                    new FundingSettlement(open + random.Next(15), random.Next(-30, 30) / 100_000m, null),
                    open + random.Next(2_000, 70_000)));
            }
        }

        return events;
    }

    /// <summary>Books, trades, marks and liquidations over a stretch of seconds.</summary>
    public static List<MarketEvent> Fast(int seed, long from, int seconds)
    {
        Random random = new(seed);
        List<MarketEvent> events = [];
        long bookId = 1;
        long tradeId = 1;
        for (long time = from; time < from + (seconds * 1000L); time += random.Next(50, 900))
        {
            long received = time + random.Next(5, 120);
            events.Add(MarketEvent.ForBook(time, received, bookId++, Book(random)));
            if (random.Next(2) == 0)
            {
                events.Add(MarketEvent.ForTrade(
                    time, received, tradeId++, 0.2, random.Next(1, 1000), 1, (Side)random.Next(2)));
            }

            if (random.Next(3) == 0)
            {
                events.Add(
                    MarketEvent.ForMark(time, received, 0.2001, 0.2 + (random.NextDouble() / 10_000), 0.0001, 0));
            }

            if (random.Next(60) == 0)
            {
                events.Add(MarketEvent.ForLiquidation(
                    time - random.Next(30_000), received, (Side)random.Next(2), 0.2, random.Next(1, 5000), 5000));
            }
        }

        return events;
    }

    /// <summary>Returns settings, the events and ticks of the grid in the order of receive times.</summary>
    public static List<MarketEvent> WithTicks(IEnumerable<MarketEvent> events, long from, long to, int intervalMs)
    {
        List<MarketEvent> all = [.. events];
        for (long tick = from; tick <= to; tick += intervalMs)
        {
            all.Add(MarketEvent.ForTick(tick, tick));
        }

        return
        [
            MarketEvent.ForSettings(Settings(intervalMs), Start),
            MarketEvent.ForFeedConnected(Feed.Liquidations, Start),
            .. all.OrderBy(e => e.ReceiveTime).ThenBy(e => e.Kind),
        ];
    }

    private static Bar NextBar(Random random, ref decimal price, long open, double market)
    {
        decimal first = price;
        decimal last = Math.Round(first * (decimal)(1 + market + ((random.NextDouble() - 0.5) / 500)), 6);
        price = last;
        decimal high = Math.Max(first, last) * 1.0005m;
        decimal low = Math.Min(first, last) * 0.9995m;
        decimal volume = random.Next(1, 100_000) / 10m;
        return new Bar(
            open, Bar.Minute, first, high, low, last, volume, volume * last, volume / 2, volume * last / 2,
            random.Next(1, 100));
    }

    private static BookLevels Book(Random random)
    {
        BookLevels levels = new(20);
        for (int i = 0; i < 20; i++)
        {
            levels.BidBuffer[i] = new PriceLevel(0.2 - ((i + 1) * 0.0001), random.Next(1, 1000));
            levels.AskBuffer[i] = new PriceLevel(
                0.2 + (random.Next(1, 3) * 0.00005) + (i * 0.0001), random.Next(1, 1000));
        }

        levels.SetCounts(20, random.Next(10) == 0 ? 12 : 20);
        return levels;
    }
}
