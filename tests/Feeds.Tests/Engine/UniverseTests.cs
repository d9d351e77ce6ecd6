using Feeds.Core.Market;
using Feeds.Engine;
using Xunit;

namespace Feeds.Tests.Engine;

public sealed class UniverseTests
{
    private static readonly Symbol Bitcoin = Symbol.Parse("BTCUSDT");

    [Fact]
    public void Every_symbol_counts_as_trading_until_the_list_is_known()
    {
        Universe universe = new();
        Assert.True(universe.IsTrading(Bitcoin));
        universe.Replace([]);
        Assert.False(universe.IsTrading(Bitcoin));
        Assert.Null(universe.StatusOf(Bitcoin));
    }

    [Theory]
    [InlineData("TRADING", true)]
    [InlineData("SETTLING", false)]
    [InlineData("TRADING_HALT", false)]
    [InlineData("A_WORD_OF_TOMORROW", false)]
    public void Only_a_symbol_in_trading_trades(string status, bool trades)
    {
        Universe universe = new();
        universe.Replace([(Bitcoin, status, 1)]);
        Assert.Equal(trades, universe.IsTrading(Bitcoin));
        Assert.Equal(status, universe.StatusOf(Bitcoin));
    }

    [Fact]
    public void A_later_time_of_listing_is_another_instrument()
    {
        Universe universe = new();
        Assert.Empty(universe.Replace([(Bitcoin, "TRADING", 1_600_000_000_000)]));
        Assert.False(universe.Set(Bitcoin, "SETTLING", 1_600_000_000_000));
        Assert.False(universe.Set(Bitcoin, "CLOSE", 0));
        Assert.Empty(universe.Replace([]));
        Assert.True(universe.Set(Bitcoin, "PENDING_TRADING", 1_790_000_000_000));
        Assert.Empty(universe.Replace([(Bitcoin, "TRADING", 1_790_000_000_000)]));
    }
}
