using Feeds.Core.Market;
using Feeds.Engine.Context;
using Xunit;

namespace Feeds.Tests.Engine.Context;

public sealed class ContextBarsTests
{
    private static readonly Symbol Btc = Symbol.Parse("BTCUSDT");

    [Fact]
    public void The_newest_day_is_kept_and_each_bar_once()
    {
        ContextBars bars = new([Btc]);
        for (int minute = 1; minute <= 2_000; minute++)
        {
            Assert.True(bars.Add(Btc, Minute(minute), minute));
        }

        Assert.False(bars.Add(Btc, Minute(2_000), 9));
        Assert.False(bars.Add(Btc, Minute(1), 9));
        IReadOnlyList<(Bar Bar, long ReceiveTime)> kept = bars.After(Btc, 0);
        Assert.Equal(
            Enumerable.Range(2_000 - kept.Count + 1, kept.Count).Select(static m => m * 60_000L),
            kept.Select(static e => e.Bar.OpenTime));
        Assert.InRange(kept.Count, 1_442, 1_500);
        Assert.Equal(2_000 * 60_000L, bars.NewestTime(Btc));
        Assert.Equal([1_999L, 2_000L], bars.After(Btc, 1_998 * 60_000L).Select(static e => e.ReceiveTime));
    }

    [Fact]
    public void A_hole_that_is_filled_late_stands_in_its_place()
    {
        ContextBars bars = new([Btc]);
        bars.Add(Btc, Minute(1), 1);
        bars.Add(Btc, Minute(3), 3);
        Assert.True(bars.Add(Btc, Minute(2), 4));
        Assert.Equal([60_000L, 120_000L, 180_000L], bars.After(Btc, 0).Select(static e => e.Bar.OpenTime));
    }

    private static Bar Minute(int number) => new(number * 60_000L, Bar.Minute, 1, 1, 1, 1, 1, 1, 1, 1, 1);
}
