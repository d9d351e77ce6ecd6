using System.Text;
using Feeds.Binance.Wire;
using Feeds.Core.Books;
using Feeds.Core.Market;
using Xunit;

namespace Feeds.Tests.Binance.Wire;

public sealed class MessageDecoderTests
{
    private const long ReceiveTime = 1_790_000_000_500;

    private static readonly Symbol[] Symbols = [.. GoldenFrames.Symbols.Select(Symbol.Parse)];

    private readonly MessageDecoder _decoder = new(SymbolTable.Of(Symbols), new BookLevelsPool(20));

    public static TheoryData<string> RegularFrames => [.. GoldenFrames.Regular];

    public static TheoryData<string> IrregularFrames => [.. GoldenFrames.Irregular];

    [Theory]
    [MemberData(nameof(RegularFrames))]
    public void Regular_frame_is_scanned_and_says_what_an_independent_reading_says(string frame)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(frame);
        Assert.True(_decoder.TryScan(bytes, ReceiveTime, out DecodedMessage scanned), "the scanner declined");
        _decoder.DecodeGenerally(bytes, ReceiveTime, out DecodedMessage general);
        string expected = ReferenceDecoder.Describe(bytes, Symbols, ReceiveTime);
        Assert.Equal(expected, Described.Of(general));
        Assert.Equal(expected, Described.Of(scanned));
    }

    [Theory]
    [MemberData(nameof(IrregularFrames))]
    public void Irregular_frame_is_left_to_the_general_decoder(string frame)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(frame);
        Assert.False(_decoder.TryScan(bytes, ReceiveTime, out _));
        _decoder.Decode(bytes, ReceiveTime, out DecodedMessage message);
        Assert.Equal(ReferenceDecoder.Describe(bytes, Symbols, ReceiveTime), Described.Of(message));
        Assert.Equal(1, _decoder.Counters.Fallbacks);
    }

    [Theory]
    [InlineData("BINANCE_FUTURES.ws.1.0.gz", "SUSHIUSDT AKROUSDT KEEPUSDT CTKUSDT", 1_535)]
    [InlineData("usdm_btcusdt_20230404.dat.gz", "BTCUSDT", 13_383)]
    [InlineData("usdm_btcusdt_20240808.gz", "BTCUSDT", 20_000)]
    [InlineData("usdm_ethusdt_20240808.gz", "ETHUSDT", 20_000)]
    public void Recorded_frames_say_what_an_independent_reading_says(string file, string names, int atLeast)
    {
        Symbol[] symbols = [.. names.Split(' ').Select(Symbol.Parse)];
        MessageDecoder decoder = new(SymbolTable.Of(symbols), new BookLevelsPool(20));
        int events = 0;
        int scanned = 0;
        foreach (byte[] frame in Recorded.Frames(file, 25_000))
        {
            // The answer of REST that each file holds once is no stream message.
            if (frame.AsSpan().IndexOf("\"lastUpdateId\""u8) >= 0)
            {
                continue;
            }

            string expected = ReferenceDecoder.Describe(frame, symbols, ReceiveTime);
            scanned += decoder.TryScan(frame, ReceiveTime, out DecodedMessage fast) ? 1 : 0;
            decoder.Return(fast);
            decoder.Decode(frame, ReceiveTime, out DecodedMessage message);
            Assert.Equal(expected, Described.Of(message));
            decoder.Return(message);
            decoder.DecodeGenerally(frame, ReceiveTime, out DecodedMessage general);
            Assert.Equal(expected, Described.Of(general));
            decoder.Return(general);
            events++;
        }

        Assert.InRange(events, atLeast, 25_000);
        Assert.Equal(0, decoder.Counters.Of(DecodedKind.Malformed));

        // Raw trades are not understood, and closed bars and long numbers are not scanned: all others are.
        long unusual = decoder.Counters.Of(IgnoreReason.UnknownEvent) + 8;
        Assert.InRange(scanned, events - unusual, events);
    }

    [Fact]
    public void Message_of_a_coin_margined_contract_is_ignored_and_counted()
    {
        Decode(GoldenFrames.Regular[13]);
        Decode(GoldenFrames.Regular[11].Replace("\"st\":1", "\"st\":2", StringComparison.Ordinal));
        Decode(" " + GoldenFrames.Regular[11].Replace("\"st\":1", "\"st\":2", StringComparison.Ordinal));
        Assert.Equal(3, _decoder.Counters.Of(IgnoreReason.CoinMargined));
        Assert.Equal(0, _decoder.Counters.Of(DecodedKind.Event));
    }

    [Fact]
    public void Message_of_an_unknown_market_is_ignored()
    {
        DecodedMessage message = Decode(
            GoldenFrames.Regular[11].Replace("\"st\":1", "\"st\":3", StringComparison.Ordinal));
        Assert.Equal(IgnoreReason.OtherMarket, message.Ignored);
    }

    [Fact]
    public void Market_beside_and_inside_the_order_are_both_read()
    {
        string inside =
            """{"e":"forceOrder","E":1,"o":{"s":"BTCUSDT","S":"BUY","q":"1","ap":"2","z":"1","T":5,"st":2}}""";
        Assert.Equal(IgnoreReason.CoinMargined, Decode(inside).Ignored);
    }

    [Theory]
    [InlineData("solusdt@depth20@100ms", StreamKind.PartialDepth)]
    [InlineData("solusdt@depth5", StreamKind.PartialDepth)]
    [InlineData("solusdt@depth", StreamKind.DiffDepth)]
    [InlineData("solusdt@depth@0ms", StreamKind.DiffDepth)]
    [InlineData("solusdt@x@depth20@100ms", StreamKind.DiffDepth)]
    [InlineData("solusdt@depthless", StreamKind.DiffDepth)]
    public void Books_and_their_changes_are_told_apart_by_the_name_of_the_stream(string name, StreamKind kind)
    {
        string frame = GoldenFrames.Regular[1].Replace("solusdt@depth20@100ms", name, StringComparison.Ordinal);
        DecodedMessage message = Decode(frame);
        Assert.Equal(kind, message.Stream);
        _decoder.DecodeGenerally(Encoding.UTF8.GetBytes(frame), ReceiveTime, out DecodedMessage general);
        Assert.Equal(Described.Of(general), Described.Of(message));
    }

    [Fact]
    public void Symbols_are_exchanged_between_frames()
    {
        string frame = GoldenFrames.Regular[14];
        Assert.Equal(IgnoreReason.UnknownSymbol, Decode(frame).Ignored);
        _decoder.Symbols = _decoder.Symbols.With(Symbol.Parse("ETHUSDT"));
        DecodedMessage message = Decode(frame);
        Assert.Equal(DecodedKind.Event, message.Kind);
        Assert.Equal(Symbols.Length, message.SymbolIndex);
        _decoder.Symbols = _decoder.Symbols.Without(Symbol.Parse("ETHUSDT"));
        Assert.Equal(IgnoreReason.UnknownSymbol, Decode(frame).Ignored);
    }

    [Theory]
    [InlineData("""{"result":null,"id":7}""", 7)]
    [InlineData("""{"id":8,"result":["btcusdt@aggTrade"]}""", 8)]
    [InlineData("""{"result":null,"id":"text"}""", -1)]
    public void Acknowledgement_gives_its_id(string frame, long id)
    {
        DecodedMessage message = Decode(frame);
        Assert.Equal(DecodedKind.Acknowledgement, message.Kind);
        Assert.Equal(id, message.RequestId);
    }

    [Theory]
    [InlineData("""{"error":{"code":2,"msg":"Invalid request"},"id":7}""")]
    [InlineData("""{"code":2,"msg":"Invalid request","id":7}""")]
    public void Refusal_gives_its_id_code_and_text(string frame)
    {
        DecodedMessage message = Decode(frame);
        Assert.Equal(
            (DecodedKind.RequestError, 7L, 2, "Invalid request"),
            (message.Kind, message.RequestId, message.ErrorCode, message.ErrorText));
    }

    [Fact]
    public void Shutdown_notice_is_recognised() =>
        Assert.Equal(
            DecodedKind.Shutdown, Decode("""{"stream":"x","data":{"e":"serverShutdown","E":1790000000000}}""").Kind);

    [Fact]
    public void Contract_is_decoded_although_its_symbol_is_not_watched()
    {
        DecodedMessage message = Decode(
            """{"stream":"!contractInfo","data":{"e":"contractInfo","E":1790000003000,"s":"NEWUSDT","ct":"PERPETUAL","dt":4133404800000,"ot":1790003600000,"cs":"PENDING_TRADING","st":1}}""");
        Assert.Equal(
            new Contract(
                Symbol.Parse("NEWUSDT"), "PERPETUAL", "PENDING_TRADING", 1_790_003_600_000, 4_133_404_800_000,
                1_790_000_003_000, ReceiveTime),
            message.Contract);
        Assert.Equal(-1, message.SymbolIndex);
    }

    [Fact]
    public void Array_over_all_symbols_is_ignored() =>
        Assert.Equal(
            IgnoreReason.AllSymbols,
            Decode("""{"stream":"!markPrice@arr@1s","data":[{"e":"markPriceUpdate"}]}""").Ignored);

    [Fact]
    public void Bar_of_another_interval_is_ignored() =>
        Assert.Equal(
            IgnoreReason.OtherInterval,
            Decode(GoldenFrames.Regular[10].Replace("\"1m\"", "\"5m\"", StringComparison.Ordinal)).Ignored);

    [Fact]
    public void Empty_funding_rate_of_a_delivery_contract_is_unknown()
    {
        DecodedMessage message = Decode(
            GoldenFrames.Regular[9].Replace("0.00002754", string.Empty, StringComparison.Ordinal));
        Assert.True(double.IsNaN(message.Event.PredictedFundingRate));
    }

    [Fact]
    public void Numbers_as_numbers_and_whole_numbers_as_strings_are_read()
    {
        DecodedMessage message = Decode(
            """{"stream":"solusdt@aggTrade","data":{"e":"aggTrade","E":"1790000000200","a":"777","s":"SOLUSDT","p":180.15,"q":4.0,"f":1500,"l":1502,"T":1790000000150,"m":true}}""");
        Assert.Equal((777L, 180.15, 4.0), (message.Event.TradeId, message.Event.Price, message.Event.Quantity));
    }

    private DecodedMessage Decode(string frame)
    {
        _decoder.Decode(Encoding.UTF8.GetBytes(frame), ReceiveTime, out DecodedMessage message);
        return message;
    }
}
