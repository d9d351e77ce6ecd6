using System.Text;
using Feeds.Core;
using Feeds.Core.Market;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Core.Market;

public sealed class SymbolTests
{
    private const string Pool = "ABCXYZabcxyz0189_-币安人生ÄäßŁłИиأبあアЖΩσςİıéÅ가ᄀ𝟘𠀀०";

    [Fact]
    public void The_symbol_of_a_file_name_is_the_symbol_it_was_made_from() =>
        Prop.ForAll<int>(seed =>
        {
            string root = Path.Combine(Path.GetTempPath(), "root");
            string text = RandomText(new Random(seed));
            if (Symbol.TryParse(text, out Symbol? symbol))
            {
                Assert.True(Symbol.FromFileName(symbol.FileName, out Symbol? decoded));
                Assert.Equal(symbol, decoded);
                Assert.Equal(text, decoded.Text);
                Assert.InRange(Encoding.UTF8.GetByteCount(symbol.FileName), 1, Symbol.MaxFileNameBytes);
                Assert.All(
                    symbol.FileName,
                    c => Assert.True(
                        char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)
                            || "%_-".Contains(c, StringComparison.Ordinal)));
                string path = Path.GetFullPath(Path.Combine(root, symbol.FileName));
                Assert.Equal(root, Path.GetDirectoryName(path));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_two_symbols_share_a_file_name_even_where_case_is_folded()
    {
        Dictionary<string, string> byFoldedName = new(StringComparer.OrdinalIgnoreCase);
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            if (Symbol.TryParse(RandomText(random), out Symbol? symbol))
            {
                byFoldedName.TryAdd(symbol.FileName, symbol.Text);
                Assert.Equal(byFoldedName[symbol.FileName], symbol.Text);
            }
        }

        Assert.InRange(byFoldedName.Count, 5_000, 20_000);
    }

    [Theory]
    [InlineData("BTCUSDT", "btcusdt", "BTCUSDT")]
    [InlineData("btcusdt", "btcusdt", "%62%74%63%75%73%64%74")]
    [InlineData("BTCUSDT_260327", "btcusdt_260327", "BTCUSDT_260327")]
    [InlineData("币安人生USDT", "币安人生usdt", "%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT")]
    [InlineData("İUSDT", "İusdt", "%C4%B0USDT")]
    [InlineData("NUL", "nul", "%4EUL")]
    [InlineData("COM1", "com1", "%43OM1")]
    public void Names_for_streams_and_files_are_these(string text, string streamName, string fileName)
    {
        Symbol symbol = Symbol.Parse(text);
        Assert.Equal(streamName, symbol.StreamName);
        Assert.Equal(fileName, symbol.FileName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/x")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("BTC/USDT")]
    [InlineData("BTC\\USDT")]
    [InlineData("C:X")]
    [InlineData("BTC\0USDT")]
    [InlineData("BTC\nUSDT")]
    [InlineData("BTC USDT")]
    [InlineData("BTCUSDT ")]
    [InlineData("BTCUSDT.")]
    [InlineData("=BTC")]
    [InlineData("-BTC")]
    [InlineData("_BTC")]
    [InlineData("+BTC")]
    [InlineData("@BTC")]
    [InlineData("BTC%55")]
    [InlineData("BTC;DROP")]
    [InlineData("BTC'")]
    [InlineData("BTC\"")]
    [InlineData("<b>")]
    [InlineData("[red]")]
    [InlineData("BTC\u200BUSDT")]
    [InlineData("\u202EBTC")]
    [InlineData("\uFEFFBTC")]
    [InlineData("e\u0301")]
    [InlineData("BTC\uD800")]
    [InlineData("\uFFFD")]
    [InlineData("BTC¹")]
    public void Hostile_names_are_refused_with_one_printable_sentence(string text)
    {
        Assert.False(Symbol.TryParse(text, out Symbol? symbol, out string? error));
        Assert.Null(symbol);
        Assert.All(
            error, c => Assert.False(
                char.IsControl(c) || char.IsSurrogate(c)
                    || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format));
        Assert.Throws<FeedsException>(() => Symbol.Parse(text));
    }

    [Fact]
    public void A_name_whose_file_name_would_be_too_long_is_refused()
    {
        Assert.True(Symbol.TryParse(new string('币', 22), out Symbol? longest));
        Assert.Equal(198, longest.FileName.Length);
        Assert.False(Symbol.TryParse(new string('币', 23), out _));
        Assert.True(Symbol.TryParse(new string('A', 64), out _));
        Assert.False(Symbol.TryParse(new string('A', 65), out _));
        Assert.False(Symbol.TryParse(null, out _));
    }

    [Theory]
    [InlineData("%42TCUSDT")]
    [InlineData("btcusdt")]
    [InlineData("%e5%b8%81")]
    [InlineData("%E5%B8")]
    [InlineData("%FF%FE")]
    [InlineData("%")]
    [InlineData("BTC%2")]
    [InlineData("BTC%2G")]
    [InlineData("NUL")]
    [InlineData("%2E%2E")]
    [InlineData("%2Fetc")]
    [InlineData("币")]
    [InlineData("")]
    public void A_file_name_in_any_other_spelling_is_refused(string fileName) =>
        Assert.False(Symbol.FromFileName(fileName, out _));

    [Fact]
    public void Order_and_equality_are_ordinal()
    {
        Symbol upper = Symbol.Parse("BTCUSDT");
        Symbol lower = Symbol.Parse("btcusdt");
        Assert.NotEqual(upper, lower);
        Assert.True(upper < lower && lower > upper && upper <= lower && upper != lower);
        Assert.True(upper == Symbol.Parse("BTCUSDT"));
        Assert.Equal(upper.GetHashCode(), Symbol.Parse("BTCUSDT").GetHashCode());
    }

    private static string RandomText(Random random)
    {
        Rune[] runes = [.. Pool.EnumerateRunes()];
        StringBuilder text = new();
        int length = random.Next(1, 14);
        for (int i = 0; i < length; i++)
        {
            text.Append(runes[random.Next(runes.Length)]);
        }

        return text.ToString();
    }
}
