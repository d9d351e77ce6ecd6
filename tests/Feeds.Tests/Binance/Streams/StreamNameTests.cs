using Feeds.Binance.Streams;
using Feeds.Binance.Wire;
using Feeds.Core.Market;
using Xunit;

namespace Feeds.Tests.Binance.Streams;

public sealed class StreamNameTests
{
    [Theory]
    [InlineData("BTCUSDT", StreamKind.PartialDepth, "btcusdt@depth20@100ms", StreamRoute.Public)]
    [InlineData("BTCUSDT", StreamKind.DiffDepth, "btcusdt@depth@100ms", StreamRoute.Public)]
    [InlineData("BTCUSDT", StreamKind.Quotes, "btcusdt@bookTicker", StreamRoute.Public)]
    [InlineData("BTCUSDT", StreamKind.Trades, "btcusdt@aggTrade", StreamRoute.Market)]
    [InlineData("BTCUSDT", StreamKind.Bars, "btcusdt@kline_1m", StreamRoute.Market)]
    [InlineData("BTCUSDT", StreamKind.Liquidations, "btcusdt@forceOrder", StreamRoute.Market)]
    [InlineData("币安人生USDT", StreamKind.Mark, "币安人生usdt@markPrice@1s", StreamRoute.Market)]
    [InlineData("1000PEPEUSDT", StreamKind.Trades, "1000pepeusdt@aggTrade", StreamRoute.Market)]
    public void Name_is_in_lower_case_ascii_and_knows_its_route(
        string symbol, StreamKind kind, string name, StreamRoute route)
    {
        StreamName stream = StreamName.For(Symbol.Parse(symbol), kind);
        Assert.Equal((name, route, kind), (stream.Text, stream.Route, stream.Kind));
    }

    [Fact]
    public void Streams_over_all_symbols_are_of_the_market_route()
    {
        Assert.Equal(
            ("!forceOrder@arr", StreamRoute.Market),
            (StreamName.AllLiquidations.Text, StreamName.AllLiquidations.Route));
        Assert.Equal(
            ("!contractInfo", StreamRoute.Market), (StreamName.AllContracts.Text, StreamName.AllContracts.Route));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(20)]
    public void Levels_stand_in_the_name(int levels) =>
        Assert.Equal($"solusdt@depth{levels}@100ms", StreamName.PartialDepth(Symbol.Parse("SOLUSDT"), levels).Text);

    [Fact]
    public void Levels_that_are_not_streamed_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StreamName.PartialDepth(Symbol.Parse("SOLUSDT"), 15));

    [Theory]
    [InlineData(StreamKind.PartialDepth)]
    [InlineData(StreamKind.DiffDepth)]
    [InlineData(StreamKind.Quotes)]
    [InlineData(StreamKind.Trades)]
    [InlineData(StreamKind.Mark)]
    [InlineData(StreamKind.Bars)]
    [InlineData(StreamKind.Liquidations)]
    public void Decoder_reads_the_kind_off_the_name_again(StreamKind kind) =>
        Assert.Equal(
            kind, StreamSuffix.KindOf(
                System.Text.Encoding.UTF8.GetBytes(StreamName.For(Symbol.Parse("币安人生USDT"), kind).Text)));
}
