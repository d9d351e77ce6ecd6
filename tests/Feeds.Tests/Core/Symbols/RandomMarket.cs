using Feeds.Core.Books;
using Feeds.Core.Market;

namespace Feeds.Tests.Core.Symbols;

/// <summary>
/// Random events of every kind for one symbol, from a seed: in order, late, doubled, broken and missing.
/// </summary>
public sealed class RandomMarket
{
    public const long Start = 1_700_000_040_000;

    private readonly Random _random;
    private long _now = Start;
    private long _bookId = 1000;
    private long _tradeId = 5000;
    private long _nextTick = Start + 30_000;
    private double _price = 100;

    public RandomMarket(int seed) => _random = new Random(seed);

    /// <summary>Returns the next event; a tick comes whenever the grid was reached.</summary>
    public MarketEvent Next()
    {
        _now += _random.Next(8) == 0 ? _random.Next(20_000) : _random.Next(400);
        if (_now >= _nextTick)
        {
            long tick = _nextTick;
            _nextTick = ((_now / 30_000) + 1) * 30_000;
            return _random.Next(12) == 0 ? MarketEvent.ForTickSkipped(tick, _now) : MarketEvent.ForTick(tick, _now);
        }

        _price *= 1 + ((_random.NextDouble() - 0.5) / 500);
        long eventTime = _now - (_random.Next(20) == 0 ? _random.Next(90_000) : _random.Next(-20, 300));
        return _random.Next(20) switch
        {
            < 6 => Book(eventTime),
            < 10 => Trade(eventTime),
            < 12 => MarketEvent.ForMark(eventTime, _now, _price, _price * 1.0001, 0.0001, 0),
            12 => MarketEvent.ForPremium(eventTime, _now, _price, _price * 0.9999, 0.0001, 0),
            13 or 14 => MarketEvent.ForLiquidation(
                eventTime, _now, (Side)_random.Next(2), _price, _random.Next(1, 50), _random.Next(1, 50)),
            15 => MarketEvent.ForOpenInterest(
                new OpenInterestRecord(0, _random.Next(0, 100_000), null), eventTime, _now),
            16 => MarketEvent.ForOpenInterest(
                new OpenInterestRecord(300_000, _random.Next(0, 100_000), 5m), _now / 60_000 * 60_000, _now),
            17 => MarketEvent.ForFunding(
                new FundingSettlement(
                    (_now / 60_000 * 60_000) + _random.Next(20), _random.Next(-50, 50) / 100_000m, null), _now),
            _ => Control(),
        };
    }

    /// <summary>Returns an event that every state must refuse.</summary>
    public MarketEvent NextBroken() => _random.Next(12) switch
    {
        0 => MarketEvent.ForTrade(_now, _now, _tradeId + 10, double.NaN, 1, 1, Side.Buy),
        1 => MarketEvent.ForTrade(_now, _now, _tradeId + 10, -1, 1, 1, Side.Buy),
        2 => MarketEvent.ForTrade(_now, _now, _tradeId + 10, 1e40, 1, 1, Side.Buy),
        3 => MarketEvent.ForTrade(_now, _now, -5, 1, 1, 1, Side.Buy),
        4 => MarketEvent.ForMark(_now, _now, double.PositiveInfinity, 1, 0, 0),
        5 => MarketEvent.ForMark(_now + (48 * 3_600_000), _now, 1, 1, 0, 0),
        6 => MarketEvent.ForLiquidation(_now, _now, Side.Buy, 0, 1, 1),
        7 => MarketEvent.ForBook(_now, _now, _bookId + 10, Levels((_price, 1), (_price - 1, 1))),
        8 => MarketEvent.ForBook(_now, _now, _bookId + 10, Levels((_price, double.NaN), (_price + 1, 1))),
        9 => MarketEvent.ForBook(_now, _now, _bookId + 10, new BookLevels(5)),
        10 => MarketEvent.ForOpenInterest(new OpenInterestRecord(0, -1, null), _now, _now),
        _ => default,
    };

    private static BookLevels Levels((double Price, double Quantity) bid, (double Price, double Quantity) ask)
    {
        BookLevels levels = new(5);
        levels.BidBuffer[0] = new PriceLevel(bid.Price, bid.Quantity);
        levels.AskBuffer[0] = new PriceLevel(ask.Price, ask.Quantity);
        levels.SetCounts(1, 1);
        return levels;
    }

    private MarketEvent Book(long eventTime)
    {
        BookLevels levels = new(20);
        int bids = _random.Next(0, 21);
        int asks = _random.Next(bids == 0 ? 1 : 0, 21);
        for (int i = 0; i < 20; i++)
        {
            levels.BidBuffer[i] = new PriceLevel(
                _price - 0.01 - (i * 0.01), _random.Next(4) == 0 ? 0 : _random.NextDouble() * 10);
            levels.AskBuffer[i] = new PriceLevel(_price + 0.01 + (i * 0.01), _random.NextDouble() * 10);
        }

        levels.SetCounts(bids, asks);
        _random.Shuffle(levels.BidBuffer[..bids]);
        _bookId += _random.Next(10) == 0 ? -1 : _random.Next(5);
        return MarketEvent.ForBook(eventTime, _now, _bookId, levels);
    }

    private MarketEvent Trade(long eventTime)
    {
        long id = _tradeId += _random.Next(6) == 0 ? _random.Next(5) : 1;
        if (_random.Next(8) == 0)
        {
            id -= _random.Next(10);
        }

        return MarketEvent.ForTrade(eventTime, _now, id, _price, _random.NextDouble() * 5, 1, (Side)_random.Next(2));
    }

    private MarketEvent Control() => _random.Next(9) switch
    {
        0 => MarketEvent.ForFeedConnected((Feed)_random.Next(6), _now),
        1 => MarketEvent.ForFeedDisconnected((Feed)_random.Next(6), "closed", _now),
        2 => MarketEvent.ForSourceError(Feed.OpenInterest, "http_429", _now),
        3 => MarketEvent.ForGap(new Gap(Feed.Depth, 0, 0, _now - 100, _now, "sequence"), _now),
        4 => MarketEvent.ForRecovered(_now - 5000, _now),
        5 => MarketEvent.ForClockOffset(_random.Next(-700, 700), _now),
        6 => MarketEvent.ForSettings(
            new SymbolSettings(
                30_000, _random.Next(1, 21), _random.Next(2) == 0
                    ? SymbolSettings.AllFeeds : _random.Next(SymbolSettings.AllFeeds)), _now),
        _ => MarketEvent.ForFeedConnected(Feed.Liquidations, _now),
    };
}
