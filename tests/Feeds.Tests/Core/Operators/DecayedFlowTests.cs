using Feeds.Core.Operators;
using Xunit;

namespace Feeds.Tests.Core.Operators;

public sealed class DecayedFlowTests
{
    [Fact]
    public void The_imbalance_is_that_of_all_trades_weighted_by_age()
    {
        Random random = new(1);
        DecayedFlow flow = new(300_000);
        Assert.True(double.IsNaN(flow.Imbalance));
        List<(long Time, double Quantity, int Sign)> all = [];
        long now = 1_700_000_000_000;
        for (int i = 0; i < 500; i++)
        {
            now += random.Next(10_000);
            (long Time, double Quantity, int Sign) trade = (
                now - random.Next(5_000), random.NextDouble() * 10, random.Next(2) == 0 ? 1 : -1);
            all.Add(trade);
            flow.Add(trade.Time, trade.Quantity, trade.Sign > 0);
            double signed = all.Sum(t => t.Sign * t.Quantity * Math.Pow(2, -(now - t.Time) / 300_000.0));
            double total = all.Sum(t => t.Quantity * Math.Pow(2, -(now - t.Time) / 300_000.0));
            Assert.Equal(signed / total, flow.Imbalance, 1e-12);
        }
    }
}
