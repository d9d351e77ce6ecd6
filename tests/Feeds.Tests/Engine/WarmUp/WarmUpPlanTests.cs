using Feeds.Core.Catalogue;
using Feeds.Engine.WarmUp;
using Xunit;

namespace Feeds.Tests.Engine.WarmUp;

public sealed class WarmUpPlanTests
{
    private static readonly long Now = new DateTimeOffset(
        2026, 11, 20, 15, 59, 30, TimeSpan.Zero).ToUnixTimeMilliseconds();

    [Fact]
    public void A_new_symbol_costs_eight_requests_at_the_most()
    {
        IReadOnlyList<WarmUpStretch> plan = WarmUpPlan.Of([0, 0, 0, 0, 0], Now);
        Assert.Equal(["1m", "5m", "15m", "1h", "4h"], plan.Select(each => each.Period.Name));
        Assert.Equal(8, plan.Sum(each => each.Requests));
        for (int i = 0; i < plan.Count; i++)
        {
            BarNeed need = HistoryNeeds.Bars[i];
            Assert.Equal(need.LengthMs, plan[i].Period.LengthMs);
            Assert.InRange(
                (plan[i].ToTime - plan[i].FromTime) / need.LengthMs, need.Count,
                need.Count + (WarmUpPlan.GridMs / need.LengthMs));
            Assert.Equal(0, plan[i].FromTime % need.LengthMs);
            Assert.InRange(Now - plan[i].ToTime, 0, need.LengthMs);
        }
    }

    [Fact]
    public void Within_eight_hours_histories_begin_at_the_same_bars()
    {
        long first = Now / WarmUpPlan.GridMs * WarmUpPlan.GridMs;
        Assert.Equal(
            WarmUpPlan.Of([0, 0, 0, 0, 0], first + 1).Select(each => each.FromTime),
            WarmUpPlan.Of([0, 0, 0, 0, 0], first + WarmUpPlan.GridMs - 1).Select(each => each.FromTime));
    }

    [Fact]
    public void Of_a_hole_only_the_minutes_are_fetched_as_longer_bars_are_made_of_them()
    {
        long end = (Now / 60_000 * 60_000) - (90 * 60_000);
        WarmUpStretch hole = Assert.Single(WarmUpPlan.Of([end, end, end, end, end], Now));
        Assert.Equal(("1m", end, 90 * 60_000), (hole.Period.Name, hole.FromTime, hole.ToTime - hole.FromTime));
        Assert.Empty(WarmUpPlan.Of([Now / 60_000 * 60_000, end, end, end, end], Now));
    }

    [Fact]
    public void After_a_week_away_each_length_is_fetched_from_where_it_ended()
    {
        long end = (Now / 14_400_000 * 14_400_000) - (7 * 86_400_000L);
        IReadOnlyList<WarmUpStretch> plan = WarmUpPlan.Of([end, end, end, end, end], Now);
        Assert.Equal(WarmUpPlan.Begin(HistoryNeeds.Bars[0], Now), plan[0].FromTime);
        Assert.Equal(WarmUpPlan.Begin(HistoryNeeds.Bars[1], Now), plan[1].FromTime);
        Assert.Equal(end, plan[3].FromTime);
        Assert.Equal(end, plan[4].FromTime);
    }
}
