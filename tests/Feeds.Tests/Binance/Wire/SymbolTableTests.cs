using System.Text;
using Feeds.Binance.Wire;
using Feeds.Core.Market;
using Xunit;

namespace Feeds.Tests.Binance.Wire;

public sealed class SymbolTableTests
{
    [Fact]
    public void Each_of_many_symbols_is_found_and_no_other()
    {
        Symbol[] symbols = [.. Enumerable.Range(0, 2_000).Select(i => Symbol.Parse($"S{i}USDT")),
            Symbol.Parse("币安人生USDT"), Symbol.Parse("BTCUSDT_261225")];
        SymbolTable table = SymbolTable.Of(symbols);
        for (int i = 0; i < symbols.Length; i++)
        {
            Assert.Equal(i, table.Find(Encoding.UTF8.GetBytes(symbols[i].Text)));
            Assert.Same(symbols[i], table[i]);
        }

        Assert.Equal(-1, table.Find("S2000USDT"u8));
        Assert.Equal(-1, table.Find("s1USDT"u8));
        Assert.Equal(-1, table.Find(""u8));
        Assert.Equal(-1, table.Find("BTCUSDT_261225_AND_SO_ON"u8));
    }

    [Fact]
    public void Other_symbols_keep_their_index_when_one_comes_or_goes()
    {
        SymbolTable table = SymbolTable.Of([Symbol.Parse("A"), Symbol.Parse("B"), Symbol.Parse("C")]);
        SymbolTable without = table.Without(Symbol.Parse("B"));
        SymbolTable with = without.With(Symbol.Parse("D"));
        Assert.Equal((0, -1, 2, 3), (with.Find("A"u8), with.Find("B"u8), with.Find("C"u8), with.Find("D"u8)));
        Assert.Equal((2, 3, 3), (without.Count, with.Count, without.IndexLimit));
        Assert.Equal(1, table.Find("B"u8));
        Assert.Null(without[1]);
    }

    [Fact]
    public void Symbol_that_is_there_is_not_added_again()
    {
        SymbolTable table = SymbolTable.Of([Symbol.Parse("A")]);
        Assert.Same(table, table.With(Symbol.Parse("A")));
        Assert.Same(table, table.Without(Symbol.Parse("B")));
        Assert.Throws<ArgumentException>(() => SymbolTable.Of([Symbol.Parse("A"), Symbol.Parse("A")]));
    }
}
