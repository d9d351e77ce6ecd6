using System.Text;
using Feeds.Binance.Wire;
using Feeds.Core.Books;
using Feeds.Core.Market;
using Xunit;

namespace Feeds.Tests.Binance.Wire;

public sealed class BrokenFramesTests
{
    private const string Trade =
        """{"stream":"solusdt@aggTrade","data":{"e":"aggTrade","E":1790000000200,"a":777,"s":"SOLUSDT","p":"180.15","q":"4.0","f":1500,"l":1502,"T":1790000000150,"m":true}}""";
    private const string Book =
        """{"stream":"solusdt@depth5@100ms","data":{"e":"depthUpdate","E":1790000000105,"T":1790000000101,"s":"SOLUSDT","U":9001,"u":9007,"pu":8999,"b":[["180.10","12.5"]],"a":[["180.20","3"]]}}""";

    private static readonly Symbol[] Symbols = [.. GoldenFrames.Symbols.Select(Symbol.Parse)];

    private readonly BookLevelsPool _pool = new(5);
    private readonly MessageDecoder _decoder;

    public BrokenFramesTests() => _decoder = new(SymbolTable.Of(Symbols), _pool);

    [Theory]
    [InlineData("\"p\":\"180.15\"", "\"p\":\"180.15\",\"p\":\"180.15\"", MalformedReason.DuplicateField)]
    [InlineData("\"m\":true", "\"m\":true,\"m\":true", MalformedReason.DuplicateField)]
    [InlineData("\"p\":", "\"p\0\":", MalformedReason.InvalidJson)]
    [InlineData("\"m\":true", "\"m\":true,\"\0\":}}", MalformedReason.InvalidJson)]
    [InlineData("\"m\":true", "\"m\":true,\"\\u006d\":true", MalformedReason.DuplicateField)]
    [InlineData("\"p\":\"180.15\",", "", MalformedReason.MissingField)]
    [InlineData("\"T\":1790000000150,", "", MalformedReason.MissingField)]
    [InlineData("\"T\":", "\"?\":", MalformedReason.MissingField)]
    [InlineData("\"f\":1500,", "", MalformedReason.MissingField)]
    [InlineData("\"l\":1502,", "", MalformedReason.MissingField)]
    [InlineData("\"180.15\"", "\"1,5\"", MalformedReason.InvalidNumber)]
    [InlineData("\"180.15\"", "\"NaN\"", MalformedReason.InvalidNumber)]
    [InlineData("\"180.15\"", "\"Infinity\"", MalformedReason.InvalidNumber)]
    [InlineData("\"180.15\"", "\"1e999\"", MalformedReason.InvalidNumber)]
    [InlineData("\"180.15\"", "1e2", MalformedReason.InvalidNumber)]
    [InlineData("\"180.15\"", "\"+180.15\"", MalformedReason.InvalidNumber)]
    [InlineData("\"180.15\"", "\" 180.15\"", MalformedReason.InvalidNumber)]
    [InlineData("\"180.15\"", "\"180.\"", MalformedReason.InvalidNumber)]
    [InlineData("\"180.15\"", "\".15\"", MalformedReason.InvalidNumber)]
    [InlineData("\"180.15\"", "\"\"", MalformedReason.InvalidNumber)]
    [InlineData("\"180.15\"", "\"1.2.3\"", MalformedReason.InvalidNumber)]
    [InlineData("\"180.15\"", "null", MalformedReason.WrongType)]
    [InlineData("\"180.15\"", "{}", MalformedReason.WrongType)]
    [InlineData("\"180.15\"", "180.15.2", MalformedReason.InvalidJson)]
    [InlineData("true", "1", MalformedReason.WrongType)]
    [InlineData("777", "0777", MalformedReason.InvalidJson)]
    [InlineData("777", "7.5", MalformedReason.InvalidNumber)]
    [InlineData("777", "99999999999999999999", MalformedReason.InvalidNumber)]
    [InlineData("1502", "1400", MalformedReason.InvalidValue)]
    [InlineData("solusdt@aggTrade", "solusdt@bookTicker", MalformedReason.StreamMismatch)]
    [InlineData("\"s\":\"SOLUSDT\",", "", MalformedReason.MissingField)]
    [InlineData("\"s\":\"SOLUSDT\"", "\"s\":5", MalformedReason.WrongType)]
    [InlineData("\"e\":\"aggTrade\",", "", MalformedReason.MissingField)]
    [InlineData("}}", "}", MalformedReason.InvalidJson)]
    [InlineData("}}", "}}}", MalformedReason.InvalidJson)]
    [InlineData("}}", "}} x", MalformedReason.InvalidJson)]
    [InlineData("\"data\":{", "\"data\":5,\"x\":{", MalformedReason.WrongType)]
    [InlineData("\"stream\":\"solusdt@aggTrade\",", "", MalformedReason.MissingField)]
    public void Broken_trade_is_refused_with_its_reason(string part, string replacement, MalformedReason reason)
    {
        string broken = Trade.Replace(part, replacement, StringComparison.Ordinal);
        Assert.NotEqual(Trade, broken);
        AssertRefused(Encoding.UTF8.GetBytes(broken), reason);
    }

    [Theory]
    [InlineData("[[\"180.10\",\"12.5\"]]", "[[\"180.10\",\"12.5\"],[\"1\"]]", MalformedReason.InvalidLevel)]
    [InlineData("[[\"180.10\",\"12.5\"]]", "[[\"180.10\",\"12.5\",\"1\"]]", MalformedReason.InvalidLevel)]
    [InlineData("[[\"180.10\",\"12.5\"]]", "[\"180.10\",\"12.5\"]", MalformedReason.InvalidLevel)]
    [InlineData("[[\"180.10\",\"12.5\"]]", "[[\"180.10\",\"1,5\"]]", MalformedReason.InvalidLevel)]
    [InlineData("[[\"180.10\",\"12.5\"]]", "[[\"180.10\",null]]", MalformedReason.InvalidLevel)]
    [InlineData("[[\"180.10\",\"12.5\"]]", "{}", MalformedReason.WrongType)]
    [InlineData("[[\"180.10\",\"12.5\"]]",
        "[[\"1\",\"1\"],[\"1\",\"1\"],[\"1\",\"1\"],[\"1\",\"1\"],[\"1\",\"1\"],[\"1\",\"1\"]]",
        MalformedReason.TooManyLevels)]
    [InlineData(",\"a\":[[\"180.20\",\"3\"]]", "", MalformedReason.MissingField)]
    [InlineData("\"a\":", "\"b\":[],\"a\":", MalformedReason.DuplicateField)]
    public void Broken_book_is_refused_and_its_buffer_comes_back(
        string part, string replacement, MalformedReason reason)
    {
        BookLevels only = _pool.Rent();
        _pool.Return(only);
        string broken = Book.Replace(part, replacement, StringComparison.Ordinal);
        Assert.NotEqual(Book, broken);
        AssertRefused(Encoding.UTF8.GetBytes(broken), reason);
        Assert.Same(only, _pool.Rent());
    }

    [Fact]
    public void Text_that_is_not_utf8_is_refused()
    {
        byte[] frame = Encoding.UTF8.GetBytes(Trade);
        frame[Trade.IndexOf("SOLUSDT", StringComparison.Ordinal)] = 0xFF;
        AssertRefused(frame, MalformedReason.InvalidUtf8);
        AssertRefused(
            Encoding.UTF8.GetBytes(Trade.Replace("\"SOLUSDT\"", "\"\\ud800\"", StringComparison.Ordinal)),
            MalformedReason.InvalidUtf8);
    }

    [Fact]
    public void Nesting_beyond_the_limit_is_refused()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 100)) + string.Concat(Enumerable.Repeat("]", 100));
        AssertRefused(
            Encoding.UTF8.GetBytes(Trade.Replace("\"m\":true", $"\"m\":true,\"zz\":{deep}", StringComparison.Ordinal)),
            MalformedReason.InvalidJson);
    }

    [Theory]
    [InlineData("", MalformedReason.InvalidJson)]
    [InlineData("<html>", MalformedReason.InvalidJson)]
    [InlineData("[]", MalformedReason.UnexpectedShape)]
    [InlineData("5", MalformedReason.UnexpectedShape)]
    [InlineData("{}", MalformedReason.UnexpectedShape)]
    public void What_is_no_message_is_refused(string frame, MalformedReason reason) =>
        AssertRefused(Encoding.UTF8.GetBytes(frame), reason);

    [Fact]
    public void Healthy_frame_after_a_broken_one_is_decoded()
    {
        AssertRefused(Encoding.UTF8.GetBytes(Trade[..^9]), MalformedReason.InvalidJson);
        _decoder.Decode(Encoding.UTF8.GetBytes(Trade), 1, out DecodedMessage message);
        Assert.Equal(777, message.Event.TradeId);
    }

    private void AssertRefused(byte[] frame, MalformedReason reason)
    {
        long before = _decoder.Counters.Of(reason);
        _decoder.Decode(frame, 1, out DecodedMessage message);
        Assert.Equal((DecodedKind.Malformed, reason), (message.Kind, message.Malformed));
        Assert.Equal(before + 1, _decoder.Counters.Of(reason));
    }
}
