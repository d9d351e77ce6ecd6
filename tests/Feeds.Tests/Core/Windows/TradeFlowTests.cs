using Feeds.Core.Windows;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Core.Windows;

public sealed class TradeFlowTests
{
    [Fact]
    public void Imbalances_are_those_of_all_trades_in_the_window() =>
        Prop.ForAll<int>(seed =>
        {
            Random random = new(seed);
            TradeFlow flow = new(120);
            List<(long Time, int Quantity, bool IsBuy)> all = [];
            long now = 1_700_000_000_000 + random.Next(5_000);
            double[] imbalances = new double[3];
            for (int i = 0; i < 200; i++)
            {
                now += random.Next(3_000);
                (long Time, int Quantity, bool IsBuy) trade = (
                    now - random.Next(60_000), random.Next(1, 100), random.Next(2) == 0);
                all.Add(trade);
                flow.Add(trade.Time, trade.Quantity, trade.IsBuy);
                long tick = (now + 999) / 1000 * 1000;
                flow.Imbalances(tick, [1, 30, 120], imbalances);
                for (int w = 0; w < 3; w++)
                {
                    long from = tick - (((int[])[1, 30, 120])[w] * 1000L);
                    (long, int Quantity, bool IsBuy)[] inside = [.. all.Where(t => t.Time > from && t.Time <= tick)];
                    int signed = inside.Sum(t => t.IsBuy ? t.Quantity : -t.Quantity);
                    int total = inside.Sum(t => t.Quantity);
                    Assert.Equal(total == 0 ? double.NaN : signed / (double)total, imbalances[w]);
                }
            }
        }).QuickCheckThrowOnFailure();
}
