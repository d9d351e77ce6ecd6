using Feeds.Core.Windows;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Core.Windows;

public sealed class LiquidationWindowTests
{
    [Fact]
    public void Totals_are_those_of_all_orders_in_the_window() =>
        Prop.ForAll<int>(seed =>
        {
            Random random = new(seed);
            LiquidationWindow window = new(3600);
            List<(long Time, int Usd, bool IsLong)> all = [];
            long now = 1_700_000_000_000 + random.Next(5_000);
            for (int i = 0; i < 400; i++)
            {
                now += random.Next(20_000);
                (long Time, int Usd, bool IsLong) order = (
                    now - random.Next(60_000), random.Next(1, 1000), random.Next(2) == 0);
                all.Add(order);
                window.Add(order.Time, order.Usd, order.IsLong);
                long tick = (now + 999) / 1000 * 1000;
                int seconds = random.Next(1, 3601);
                (long Time, int Usd,
                    bool IsLong)[] inside = [.. all.Where(o => o.Time > tick - (seconds * 1000L) && o.Time <= tick)];
                LiquidationTotals totals = window.Totals(tick, seconds);
                Assert.Equal(inside.Where(o => o.IsLong).Sum(o => o.Usd), totals.LongUsd);
                Assert.Equal(inside.Where(o => !o.IsLong).Sum(o => o.Usd), totals.ShortUsd);
                Assert.Equal(inside.Length, totals.Count);
                Assert.Equal(inside.Select(o => (o.Time + 999) / 1000).Distinct().Count(), totals.Seconds);
                Assert.Equal(all.Where(o => o.Time <= tick).Max(o => o.Time), window.LastAtOrBefore(tick));
            }
        }).QuickCheckThrowOnFailure();
}
