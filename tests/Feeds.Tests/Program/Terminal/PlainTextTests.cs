using Feeds.Terminal;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Program.Terminal;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("BTCUSDT: all is well – 币安人生USDT", "BTCUSDT: all is well – 币安人生USDT")]
    [InlineData("a\nb\r\tc", @"a\nb\r\tc")]
    [InlineData("\u001b[31mred\u009b2J\u0007", @"\x1b[31mred\x9b2J\x07")]
    [InlineData("\u202eevil\u2028line\ufeff", @"\u202eevil\u2028line\ufeff")]
    [InlineData("", "")]
    public void What_a_terminal_would_obey_is_written_as_an_escape(string text, string safe) =>
        Assert.Equal(safe, PlainText.Of(text));

    [Fact]
    public void No_text_keeps_a_control_character_and_a_safe_one_stays() => Prop.ForAll(
        ArbMap.Default.ArbFor<string?>(),
        text =>
        {
            string safe = PlainText.Of(text ?? "");
            return !safe.Any(char.IsControl) && PlainText.Of(safe) == safe;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Half_a_character_is_replaced() =>
        Assert.Equal("half \ufffd of one", PlainText.Of("half \ud800 of one"));

    [Fact]
    public void Words_are_offered_as_a_choice()
    {
        Assert.Equal("a, b or c", PlainText.Either(["a", "b", "c"]));
        Assert.Equal("a", PlainText.Either(["a"]));
    }
}
