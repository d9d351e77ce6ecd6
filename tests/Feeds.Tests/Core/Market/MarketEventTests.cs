using System.Runtime.CompilerServices;
using Feeds.Core.Books;
using Feeds.Core.Market;
using Xunit;

namespace Feeds.Tests.Core.Market;

public sealed class MarketEventTests
{
    [Fact]
    public void An_event_has_64_bytes() => Assert.Equal(64, Unsafe.SizeOf<MarketEvent>());

    [Fact]
    public void What_a_factory_takes_the_properties_give_back()
    {
        MarketEvent trade = MarketEvent.ForTrade(10, 20, 30, 1.5, 2.5, 2.25, Side.Sell, 4, isFromStream: false)
            .WithDuplicates(9);
        Assert.Equal(
            (EventKind.Trade, 10L, 20L, 30L, 1.5, 2.5, 2.25, Side.Sell, 4, false, (ushort)9),
            (trade.Kind, trade.EventTime, trade.ReceiveTime, trade.TradeId, trade.Price, trade.Quantity,
                trade.QuantityWithoutRpi,
                trade.Side, trade.TradeCount, trade.IsFromStream, trade.Duplicates));

        BookLevels levels = new(5);
        MarketEvent book = MarketEvent.ForBook(10, 20, 30, levels).WithDuplicates(2).WithConflated(3);
        Assert.Same(levels, book.Levels);
        Assert.Equal(
            (30L, 3, (ushort)2, true), (book.LastUpdateId, book.Conflated, book.Duplicates, book.IsFromStream));

        MarketEvent mark = MarketEvent.ForMark(10, 20, 100, 99, 0.0001, 50);
        Assert.Equal(
            (100d, 99d, 0.0001, 50L),
            (mark.MarkPrice, mark.IndexPrice, mark.PredictedFundingRate, mark.NextFundingTime));

        MarketEvent liquidation = MarketEvent.ForLiquidation(10, 20, Side.Sell, 7, 8, 9);
        Assert.Equal(
            (7d, 8d, 9d, Side.Sell),
            (liquidation.Price, liquidation.Quantity, liquidation.OrderQuantity, liquidation.Side));

        MarketEvent error = MarketEvent.ForSourceError(Feed.OpenInterest, "http_429", 20);
        Assert.Equal((Feed.OpenInterest, "http_429", 20L), (error.Feed, error.Reason, error.EventTime));
        Assert.Equal(5, MarketEvent.ForRecovered(5, 20).LastReceiveTime);
        Assert.Equal(-250, MarketEvent.ForClockOffset(-250, 20).ClockOffsetMs);
        Assert.Equal(0, trade.Conflated);
        Assert.Equal(0, book.TradeCount);
    }

    [Fact]
    public void The_default_event_is_no_event() => Assert.Equal(EventKind.None, default(MarketEvent).Kind);

    [Theory]
    [InlineData(1700000040003, 1700000040000)]
    public void A_settlement_is_keyed_by_its_minute(long raw, long minute)
    {
        Assert.Equal((raw + 30_000) / 60_000 * 60_000, new FundingSettlement(raw, 0, null).SlotTime);
        Assert.Equal(minute, new FundingSettlement(minute + 14, 0, null).SlotTime);
        Assert.Equal(minute, new FundingSettlement(minute - 14, 0, null).SlotTime);
    }

    [Fact]
    public void Every_feed_has_a_name_of_its_own()
    {
        Feed[] feeds = Enum.GetValues<Feed>();
        Assert.Equal(FeedNames.Count, feeds.Length);
        Assert.Equal(feeds.Length, feeds.Select(f => f.Name()).Distinct().Count());
        Assert.All(feeds, f => Assert.True(SymbolSettings.Default.Provides(f)));
    }
}
