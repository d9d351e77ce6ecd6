using System.Globalization;
using System.Text;
using Feeds.Core.Books;
using Feeds.Core.Market;

namespace Feeds.Tests.Storage.Journals;

/// <summary>
/// Events of every kind from a seed, tame ones as a market sends and wild ones that only a codec must survive.
/// </summary>
internal sealed class AnyEvents
{
    private readonly Random _random;
    private readonly bool _wild;
    private readonly BookLevels _book = new(40);
    private long _time = 1_795_231_800_000;
    private long _id = 5_000_000_000;
    private double _price = 67123.4;

    public AnyEvents(int seed, bool wild)
    {
        _random = new Random(seed);
        _wild = wild;
        for (int i = 0; i < 20; i++)
        {
            _book.BidBuffer[i] = new PriceLevel(Math.Round(_price - (0.1 * (i + 1)), 1), Quantity());
            _book.AskBuffer[i] = new PriceLevel(Math.Round(_price + (0.1 * (i + 1)), 1), Quantity());
        }

        _book.SetCounts(20, 20);
    }

    public static IReadOnlyList<EventKind> Kinds { get; } = [.. Enum.GetValues<EventKind>().Where(
        kind => kind != EventKind.None)];

    public MarketEvent Next() => Next(_random.Next(3) > 0 ? EventKind.Book : Kinds[_random.Next(Kinds.Count)]);

    public MarketEvent Next(EventKind kind)
    {
        _time += _random.Next(100);
        _id += _random.Next(1, 400);
        long eventTime = _wild ? _time - _random.NextInt64(-1L << 40, 1L << 40) : _time - _random.Next(-5, 60);
        MarketEvent e = Make(kind, eventTime);
        e = _random.Next(10) == 0 ? e.WithDuplicates((ushort)_random.Next(1, 65536)) : e;
        return kind is EventKind.Book or EventKind.Quote && _random.Next(10) == 0
            ? e.WithConflated(_random.Next(1, 9)) : e;
    }

    /// <summary>Every field of an event, doubles to the bit: equal texts are equal events.</summary>
    public static string Text(in MarketEvent e)
    {
        StringBuilder text = new();
        text.Append(
            CultureInfo.InvariantCulture, $"{e.Kind} {e.EventTime} {e.ReceiveTime} {e.Duplicates} {e.IsFromStream} ");
        switch (e.Kind)
        {
            case EventKind.Book or EventKind.Quote:
                text.Append(CultureInfo.InvariantCulture, $"{e.LastUpdateId} {e.Conflated}");
                foreach (PriceLevel level in e.Levels.Bids)
                {
                    text.Append(CultureInfo.InvariantCulture, $" b{Bits(level.Price)}:{Bits(level.Quantity)}");
                }

                foreach (PriceLevel level in e.Levels.Asks)
                {
                    text.Append(CultureInfo.InvariantCulture, $" a{Bits(level.Price)}:{Bits(level.Quantity)}");
                }

                break;
            case EventKind.Trade:
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{e.TradeId} {e.TradeCount} {e.Side} {Bits(e.Price)} {Bits(e.Quantity)} "
                    + $"{Bits(e.QuantityWithoutRpi)}");
                break;
            case EventKind.Liquidation:
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{e.Side} {Bits(e.Price)} {Bits(e.Quantity)} {Bits(e.OrderQuantity)}");
                break;
            case EventKind.Mark or EventKind.Premium:
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{Bits(e.MarkPrice)} {Bits(e.IndexPrice)} {Bits(e.PredictedFundingRate)} {e.NextFundingTime}");
                break;
            case EventKind.Settings:
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{e.Settings with { Context = ContextSymbols.None }} {e.Settings.Context.Market} "
                    + $"{e.Settings.Context.Second} {string.Join(',', e.Settings.Context.Sector)}");
                break;
            case EventKind.Bar or EventKind.MarkBar or EventKind.IndexBar:
                text.Append(CultureInfo.InvariantCulture, $"{e.Bar}");
                break;
            case EventKind.ContextBar:
                text.Append(CultureInfo.InvariantCulture, $"{e.ContextBar}");
                break;
            case EventKind.OpenInterest:
                text.Append(CultureInfo.InvariantCulture, $"{e.OpenInterest}");
                break;
            case EventKind.Funding:
                text.Append(CultureInfo.InvariantCulture, $"{e.Funding}");
                break;
            case EventKind.LongShortRatio:
                text.Append(CultureInfo.InvariantCulture, $"{e.LongShortRatio}");
                break;
            case EventKind.TakerRatio:
                text.Append(CultureInfo.InvariantCulture, $"{e.TakerRatio}");
                break;
            case EventKind.ClockOffset:
                text.Append(Bits(e.ClockOffsetMs));
                break;
            case EventKind.FeedConnected:
                text.Append(e.Feed);
                break;
            case EventKind.FeedDisconnected or EventKind.SourceError:
                text.Append(CultureInfo.InvariantCulture, $"{e.Feed} {e.Reason}");
                break;
            case EventKind.Gap:
                text.Append(CultureInfo.InvariantCulture, $"{e.Gap}");
                break;
            case EventKind.Recovered:
                text.Append(e.LastReceiveTime);
                break;
        }

        return text.ToString();
    }

    private static string Bits(double value) =>
        BitConverter.DoubleToInt64Bits(value).ToString("X", CultureInfo.InvariantCulture);

    private MarketEvent Make(EventKind kind, long eventTime) => kind switch
    {
        EventKind.Settings => MarketEvent.ForSettings(
            new SymbolSettings(
                _random.Next(), _random.Next(), _random.Next())
            {
                Features = _random.Next(2) == 0,
                Context = Context()
            }, _time),
        EventKind.Tick => MarketEvent.ForTick(eventTime, _time),
        EventKind.TickSkipped => MarketEvent.ForTickSkipped(eventTime, _time),
        EventKind.Book => MarketEvent.ForBook(eventTime, _time, _id, Book()),
        EventKind.Quote => MarketEvent.ForQuote(eventTime, _time, _id, Quote()),
        EventKind.Trade => MarketEvent.ForTrade(
            eventTime, _time, _id, Price(), Quantity(), Quantity(), (Side)_random.Next(2), _random.Next(),
            _random.Next(2) == 0),
        EventKind.Mark =>
            MarketEvent.ForMark(
                eventTime, _time, Price(), Price(), _random.Next(2) == 0
                    ? double.NaN : Quantity(), _random.NextInt64()),
        EventKind.Premium =>
            MarketEvent.ForPremium(eventTime, _time, Price(), Price(), Quantity(), _time / 28_800_000 * 28_800_000),
        EventKind.Liquidation =>
            MarketEvent.ForLiquidation(eventTime, _time, (Side)_random.Next(2), Price(), Quantity(), Quantity()),
        EventKind.Bar => MarketEvent.ForBar(Bar(), eventTime, _time, _random.Next(2) == 0),
        EventKind.MarkBar => MarketEvent.ForMarkBar(Bar(), _time),
        EventKind.IndexBar => MarketEvent.ForIndexBar(Bar(), _time),
        EventKind.ContextBar => MarketEvent.ForContextBar(new ContextBar(Symbol.Parse("币安人生USDT"), Bar()), _time),
        EventKind.OpenInterest => MarketEvent.ForOpenInterest(
            new OpenInterestRecord(_random.Next(), Decimal(), _random.Next(2) == 0 ? null : Decimal()), eventTime,
            _time),
        EventKind.Funding => MarketEvent.ForFunding(
            new FundingSettlement(eventTime, Decimal(), _random.Next(2) == 0 ? null : Decimal()), _time),
        EventKind.LongShortRatio => MarketEvent.ForLongShortRatio(
            new LongShortRatio((RatioKind)_random.Next(3), _random.Next(), Decimal(), Decimal(), Decimal()), eventTime,
            _time),
        EventKind.TakerRatio =>
            MarketEvent.ForTakerRatio(
                new TakerRatio(_random.Next(), Decimal(), Decimal(), Decimal()), eventTime, _time),
        EventKind.ClockOffset => MarketEvent.ForClockOffset(Quantity(), _time),
        EventKind.FeedConnected => MarketEvent.ForFeedConnected((Feed)_random.Next(FeedNames.Count), _time),
        EventKind.FeedDisconnected => MarketEvent.ForFeedDisconnected(Feed.Depth, "closed_1006", _time),
        EventKind.SourceError => MarketEvent.ForSourceError(Feed.OpenInterest, "http_429\n币", _time),
        EventKind.Gap => MarketEvent.ForGap(new Gap(Feed.Trades, _id, _id + 7, _time - 1, _time, "sequence"), _time),
        EventKind.Recovered => MarketEvent.ForRecovered(_time - 5_000, _time),
        _ => throw new NotSupportedException($"a new kind needs a line here: {kind}"),
    };

    private BookLevels Book()
    {
        if (_wild && _random.Next(4) == 0)
        {
            int bids = _random.Next(41);
            for (int i = 0; i < 40; i++)
            {
                _book.BidBuffer[i] = new PriceLevel(Price(), Quantity());
                _book.AskBuffer[i] = new PriceLevel(Price(), Quantity());
            }

            _book.SetCounts(bids, _random.Next(41));
            return _book;
        }

        // As the exchange does: some quantities change, now and then a level comes or goes.
        for (int change = _random.Next(8); change > 0; change--)
        {
            Span<PriceLevel> side = _random.Next(2) == 0
                ? _book.BidBuffer[.._book.BidCount] : _book.AskBuffer[.._book.AskCount];
            if (side.Length > 0)
            {
                int at = _random.Next(side.Length);
                side[at] = new PriceLevel(
                    _random.Next(5) == 0 ? Math.Round(side[at].Price + 0.1, 1) : side[at].Price, Quantity());
            }
        }

        _book.SetCounts(_random.Next(20) == 0 ? _random.Next(21) : _book.BidCount, _book.AskCount);
        return _book;
    }

    private BookLevels Quote()
    {
        BookLevels quote = new(1);
        quote.BidBuffer[0] = new PriceLevel(Price(), Quantity());
        quote.AskBuffer[0] = new PriceLevel(Price(), Quantity());
        quote.SetCounts(1, _random.Next(2));
        return quote;
    }

    private ContextSymbols Context() => _random.Next(2) == 0
        ? ContextSymbols.None
        : new ContextSymbols(Symbol.Parse("BTCUSDT"), null, [Symbol.Parse("DOGEUSDT"), Symbol.Parse("1000PEPEUSDT")]);

    private Bar Bar() => new(
        _time / 60_000 * 60_000, 60_000, Decimal(), Decimal(), Decimal(), Decimal(), Decimal(), Decimal(), Decimal(),
        Decimal(),
        _random.Next(), _random.Next(2) == 0);

    private double Price()
    {
        _price = Math.Round(_price + (_random.Next(-5, 6) * 0.1), 1);
        return _wild ? WildDouble() : _price;
    }

    private double Quantity() => _wild ? WildDouble() : _random.Next(1, 100_000) / 1000.0;

    private double WildDouble() => _random.Next(12) switch
    {
        0 => double.NaN,
        1 => -0.0,
        2 => double.PositiveInfinity,
        3 => double.MaxValue,
        4 => double.Epsilon,
        5 => -_random.Next(1000),
        6 => BitConverter.Int64BitsToDouble(_random.NextInt64(long.MinValue, long.MaxValue)),
        7 => 9007199254740993,
        _ => _random.Next(1000) / 8.0,
    };

    private decimal Decimal() => _random.Next(6) switch
    {
        0 => decimal.MaxValue,
        1 => decimal.MinValue,
        2 => 1.10m,
        3 => -0.00000001m,
        4 => 0m,
        _ => new decimal(_random.Next(), _random.Next(3) == 0 ? _random.Next() : 0, 0, false, (byte)_random.Next(29)),
    };
}
