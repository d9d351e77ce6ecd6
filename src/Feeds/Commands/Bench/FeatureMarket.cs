using Feeds.Core.Books;
using Feeds.Core.Catalogue;
using Feeds.Core.Market;

namespace Feeds.Commands.Bench;

/// <summary>
/// The events of one symbol with everything that features use: a history as a warm-up brings it, then five books, three
/// trades and a mark a second, closed bars of its own and of four others each minute. The same for the same number, on
/// every machine.
/// </summary>
internal sealed class FeatureMarket
{
    /// <summary>The first live second, epoch ms: a Tuesday at 00:00 UTC.</summary>
    public const long Start = 1_748_908_800_000;

    private const int BooksKept = 32;
    private const int BooksPerSecond = 5;
    private const int TradesPerSecond = 3;

    private readonly Random _random;
    private readonly Symbol _symbol;
    private readonly Symbol[] _others;
    private readonly decimal[] _price;
    private readonly BookLevels[] _books;
    private long _updateId;
    private long _tradeId;

    /// <summary>Makes the market of the symbol of a number.</summary>
    public FeatureMarket(int number)
    {
        _random = new Random(number);
        _symbol = Of(number);
        _others = [Of(0), Of(1), Of(2), Of(3), Of(4)];
        _price = [100 + number, 60_000, 3_000, 20, 10, 5];
        _books = [.. Enumerable.Range(0, BooksKept).Select(_ => Book())];
        Settings = new SymbolSettings(1_000, 3, SymbolSettings.AllFeeds)
        {
            Features = true,
            AwaitsHistory = true,
            Context = new ContextSymbols(_others[0], _others[1], [_others[2], _others[3], _others[4]]),
        };
    }

    /// <summary>Whose events these are.</summary>
    public Symbol Symbol => _symbol;

    /// <summary>What holds for it.</summary>
    public SymbolSettings Settings { get; }

    /// <summary>Returns settings and the history before <see cref="Start"/>.</summary>
    public IEnumerable<MarketEvent> History()
    {
        yield return MarketEvent.ForSettings(Settings, Start);
        yield return MarketEvent.ForFeedConnected(Feed.Liquidations, Start);
        foreach (BarNeed need in HistoryNeeds.Bars)
        {
            for (long open = Start - ((long)need.Count * need.LengthMs); open < Start; open += need.LengthMs)
            {
                yield return MarketEvent.ForBar(
                    Next(0, open, need.LengthMs), open + need.LengthMs, Start, isFromStream: false);
            }
        }

        for (int other = 0; other < _others.Length; other++)
        {
            for (long open = Start - (1_441L * Bar.Minute); open < Start; open += Bar.Minute)
            {
                yield return MarketEvent.ForContextBar(
                    new ContextBar(_others[other], Next(other + 1, open, Bar.Minute)), Start);
            }
        }

        for (int i = HistoryNeeds.OpenInterestRecords; i > 0; i--)
        {
            yield return OpenInterest(Start - (i * 300_000L), Start);
        }

        yield return MarketEvent.ForFunding(new FundingSettlement(Start - 14_400_000, 0.0001m, null), Start);
        yield return MarketEvent.ForGap(
            new Gap(Feed.Bars, 0, 0, Start - (1_441L * Bar.Minute), Start, Gap.Fetched), Start);
    }

    /// <summary>Puts the events of the second that ends at a time into a list, without its tick.</summary>
    public void Second(long endTime, List<MarketEvent> events)
    {
        long begin = endTime - 1_000;
        if (begin % Bar.Minute == 0)
        {
            events.Add(
                MarketEvent.ForBar(Next(0, begin - Bar.Minute, Bar.Minute), begin, begin + 80, isFromStream: true));
            for (int other = 0; other < _others.Length; other++)
            {
                Bar bar = Next(other + 1, begin - Bar.Minute, Bar.Minute);
                events.Add(MarketEvent.ForContextBar(new ContextBar(_others[other], bar), begin + 90));
            }
        }

        if (begin % 300_000 == 0)
        {
            events.Add(OpenInterest(begin - 300_000, begin + 95));
        }

        for (int i = 0; i < BooksPerSecond; i++)
        {
            long time = begin + 100 + (i * 200);
            _updateId++;
            events.Add(MarketEvent.ForBook(time, time + 20, _updateId, _books[_updateId % BooksKept]));
        }

        for (int i = 0; i < TradesPerSecond; i++)
        {
            long time = begin + 150 + (i * 300);
            events.Add(
                MarketEvent.ForTrade(
                    time, time + 20, ++_tradeId, 100, 1 + _random.Next(1_000), 1, (Side)_random.Next(2)));
        }

        events.Add(MarketEvent.ForMark(begin + 500, begin + 520, 100.1, 100, 0.0001, 0));
        if (_random.Next(40) == 0)
        {
            events.Add(
                MarketEvent.ForLiquidation(
                    begin + 600, begin + 620, (Side)_random.Next(2), 100, 1 + _random.Next(500), 500));
        }
    }

    private static Symbol Of(int number) => Symbol.Parse(FormattableString.Invariant($"S{number:000}USDT"));

    private MarketEvent OpenInterest(long time, long receiveTime)
    {
        decimal contracts = 1_000_000 + _random.Next(100_000);
        return MarketEvent.ForOpenInterest(
            new OpenInterestRecord(300_000, contracts, contracts * 100), time, receiveTime);
    }

    private Bar Next(int which, long openTime, int lengthMs)
    {
        decimal first = _price[which];
        decimal last = Math.Max(0.01m, Math.Round(first * (1 + ((_random.Next(2_001) - 1_000) / 500_000m)), 4));
        _price[which] = last;
        decimal volume = _random.Next(1, 1_000_000) / 100m;
        return new Bar(
            openTime, lengthMs, first, Math.Max(first, last) * 1.0005m, Math.Min(first, last) * 0.9995m, last, volume,
            volume * last, volume / 2,
            volume * last / 2, 1 + _random.Next(200));
    }

    private BookLevels Book()
    {
        BookLevels levels = new(20);
        for (int i = 0; i < 20; i++)
        {
            levels.BidBuffer[i] = new PriceLevel(100 - ((i + 1) * 0.01), 1 + _random.Next(1_000));
            levels.AskBuffer[i] = new PriceLevel(100 + ((i + _random.Next(1, 3)) * 0.01), 1 + _random.Next(1_000));
        }

        levels.SetCounts(20, 20);
        return levels;
    }
}
