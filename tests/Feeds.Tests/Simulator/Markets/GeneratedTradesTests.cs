using Feeds.Simulator.Markets;
using Xunit;

namespace Feeds.Tests.Simulator.Markets;

public sealed class GeneratedTradesTests
{
    [Theory]
    [InlineData("BTCUSDT")]
    [InlineData("YFIUSDT")]
    [InlineData("SIM0500USDT")]
    public void Every_id_is_in_the_minute_that_is_said_to_hold_it_on_days_far_apart(string symbol)
    {
        SymbolSpec spec = SymbolSpecs.For(symbol) with { TradesPerSecond = symbol == "SIM0500USDT" ? 0.002 : 0.3 };
        GeneratedTrades trades = Make(spec);
        GeneratedTrades other = Make(spec);
        Random random = new(4);
        for (int i = 0; i < 300; i++)
        {
            long minute = (spec.OnboardTime / 60_000) + random.Next(0, 1_500_000);
            TradePrint[] inside = trades.Minute(minute);
            long first = trades.FirstIdOf(minute);
            Assert.Equal(trades.FirstIdOf(minute + 1) - first, inside.Length);
            foreach (TradePrint trade in inside)
            {
                Assert.Equal(minute, trade.Time / 60_000);
                Assert.Equal(minute, other.MinuteOf(trade.Id));
            }

            Assert.Equal(Enumerable.Range(0, inside.Length).Select(k => first + k), inside.Select(static t => t.Id));
            Assert.Equal(inside.OrderBy(static t => t.Time).Select(static t => t.Id), inside.Select(static t => t.Id));
        }
    }

    [Fact]
    public void There_are_as_many_trades_in_a_day_as_the_rate_says_and_bursts_have_more()
    {
        SymbolSpec spec = SymbolSpecs.For("ETHUSDT");
        GeneratedPrices prices = new(spec, 1, new MarketWalk(3, 0.03, 30, 0.5));
        SymbolDay day = prices.Day(20_500);
        double perSecond = day.TradesBefore[^1] / 86400.0;
        Assert.InRange(perSecond, spec.TradesPerSecond * 0.75, spec.TradesPerSecond * 1.25);
        double Mean(Func<int, bool> of) => Enumerable.Range(0, 1440).Where(of)
            .Average(i => day.TradesBefore[i + 1] - day.TradesBefore[i]);
        Assert.True(Mean(i => day.Burst[i] > 2) > 1.7 * Mean(i => day.Burst[i] == 1));
    }

    [Fact]
    public void Symbols_follow_the_market_as_their_betas_say()
    {
        MarketWalk market = new(3, 0.03, 30, 0.5);
        GeneratedPrices btc = new(SymbolSpecs.For("BTCUSDT"), 1, market);
        GeneratedPrices sol = new(SymbolSpecs.For("SOLUSDT"), 1, market);
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int day = 20_500; day < 20_520; day++)
        {
            for (int i = 0; i < 1440; i += 5)
            {
                double x = btc.Day(day).Log[i + 5] - btc.Day(day).Log[i];
                double y = sol.Day(day).Log[i + 5] - sol.Day(day).Log[i];
                xx += x * x;
                xy += x * y;
                yy += y * y;
            }
        }

        Assert.InRange(xy / xx, 1.2, 1.4);
        Assert.InRange(xy / Math.Sqrt(xx * yy), 0.75, 0.97);
    }

    private static GeneratedTrades Make(SymbolSpec spec) =>
        new(new GeneratedPrices(spec, 9, new MarketWalk(3, 0.03, 30, 0.5)));
}
