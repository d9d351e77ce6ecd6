using Feeds.Core.Bars;
using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Xunit;

namespace Feeds.Tests.Core.Bars;

/// <summary>
/// Bars that wait for what lies before them: whenever an answer comes, the ladder closes what it would have closed in
/// order.
/// </summary>
public sealed class BarLadderTests
{
    private const long Start = 1_748_908_800_000;
    private static readonly int[] Lengths = [60_000, 300_000];

    [Fact]
    public void A_first_bar_waits_for_the_history_before_it()
    {
        (BarLadder ladder, List<Bar> closed) = Patient();
        ladder.Add(Minute(20));
        ladder.Settle(Start + (22 * 60_000));
        Assert.Empty(closed);
        for (int m = 19; m >= 0; m--)
        {
            ladder.Add(Minute(m));
        }

        ladder.Settle(Start + (22 * 60_000) + 500);
        Assert.Empty(closed);
        ladder.Complete(Start, Start + (21 * 60_000), receiveTime: Start + (22 * 60_000) + 900);
        ladder.Settle(Start + (22 * 60_000) + 800);
        Assert.Empty(closed);
        ladder.Settle(Start + (22 * 60_000) + 900);
        Assert.Equal(InOrder(Enumerable.Range(0, 21).Select(m => Minute(m))), closed);
        Assert.Equal(Start, ladder.WarmUpFrom);
        Assert.DoesNotContain(closed, static bar => bar.IsFilled);
    }

    [Fact]
    public void A_bar_after_a_hole_waits_until_the_hole_is_fetched()
    {
        (BarLadder ladder, List<Bar> closed) = Begun();
        ladder.Add(Minute(8));
        ladder.Settle(Start + (9 * 60_000) + 2_000);
        ladder.Add(Minute(9));
        ladder.Settle(Start + (10 * 60_000) + 2_000);
        Assert.DoesNotContain(closed, static bar => bar.OpenTime >= Start + (3 * 60_000));
        foreach (int m in (int[])[6, 5, 3, 4, 7])
        {
            ladder.Add(Minute(m));
        }

        ladder.Settle(Start + (10 * 60_000) + 3_000);
        Assert.Equal(InOrder(Enumerable.Range(0, 10).Select(m => Minute(m))), closed);
    }

    [Fact]
    public void What_the_exchange_does_not_have_is_filled_as_soon_as_that_is_said()
    {
        (BarLadder ladder, List<Bar> closed) = Begun();
        ladder.Add(Minute(5));
        ladder.Settle(Start + 400_000);
        ladder.Complete(Start + 180_000, Start + 300_000, Start + 401_000);
        ladder.Settle(Start + 401_000);
        Assert.Equal(InOrder([Minute(0), Minute(1), Minute(2), Minute(5)]), closed);
        Assert.Equal(2, closed.Count(static bar => bar.IsFilled && bar.IntervalMs == Bar.Minute));
        Assert.Equal(Start - 300_000, ladder.WarmUpFrom);
    }

    [Fact]
    public void Patience_ends()
    {
        (BarLadder ladder, List<Bar> closed) = Begun();
        ladder.Add(Minute(5));
        ladder.Settle(Start + 400_000);
        ladder.Settle(Start + 999_000);
        Assert.DoesNotContain(closed, bar => bar.OpenTime == Start + 300_000);
        ladder.Settle(Start + 1_000_000);
        Assert.Equal(InOrder([Minute(0), Minute(1), Minute(2), Minute(5)]), closed);

        (ladder, closed) = Patient();
        ladder.Add(Minute(0));
        ladder.Settle(Start);
        ladder.Settle(Start + 3_599_000);
        Assert.Empty(closed);
        ladder.Settle(Start + 3_600_000);
        Assert.Single(closed);
    }

    [Fact]
    public void Longer_bars_come_before_the_minutes_that_end_with_them()
    {
        // The minutes of a long hole are only fetched from 12 on; longer bars stand for those before.
        (BarLadder ladder, List<Bar> closed) = Begun();
        Bar[] longer = [.. ((int[])[5, 0]).Select(
            m => Minute(m) with { IntervalMs = 300_000, Close = 77, Volume = 9 })];
        for (int m = 12; m < 16; m++)
        {
            ladder.Add(Minute(m));
        }

        Array.ForEach(longer, ladder.Add);
        ladder.Settle(Start + (17 * 60_000));
        ladder.Complete(Start, Start + (16 * 60_000), Start + (17 * 60_000));
        ladder.Settle(Start + (17 * 60_000) + 1);
        Assert.Equal(
            [Start, Start + 300_000, Start + 600_000],
            closed.Where(static b => b.IntervalMs == 300_000).Select(static b => b.OpenTime));
        Assert.Equal([longer[1], longer[0]], closed.Where(static b => b.IntervalMs == 300_000).Take(2));
        Assert.Equal(16, closed.Count(static b => b.IntervalMs == Bar.Minute));
    }

    [Fact]
    public void A_bar_that_waits_is_not_taken_twice_and_survives_a_snapshot()
    {
        (BarLadder ladder, List<Bar> closed) = Begun();
        ladder.Add(Minute(5));
        Assert.False(ladder.Takes(Minute(5)));
        Assert.True(ladder.Takes(Minute(4)));
        ladder.Settle(Start + 400_000);
        ladder.Complete(Start, Start + 360_000, Start + 402_000);
        StateWriter writer = new();
        ladder.Save(writer);
        (BarLadder loaded, List<Bar> closedLater) = Patient();
        StateReader reader = new(writer.Written);
        loaded.Load(ref reader);
        Assert.Equal(0, reader.Remaining);
        foreach (BarLadder each in (BarLadder[])[ladder, loaded])
        {
            each.Add(Minute(4));
            each.Settle(Start + 403_000);
        }

        Assert.Equal(closed[^closedLater.Count..], closedLater);
        Assert.Equal(ladder.NewestEnd(0), loaded.NewestEnd(0));
        Assert.Equal(ladder.WarmUpFrom, loaded.WarmUpFrom);
    }

    private static (BarLadder Ladder, List<Bar> Closed) Patient()
    {
        List<Bar> closed = [];
        return (new BarLadder(Lengths, (_, bar) => closed.Add(bar)) { IsPatient = true }, closed);
    }

    // Three minutes were taken.
    private static (BarLadder Ladder, List<Bar> Closed) Begun()
    {
        (BarLadder ladder, List<Bar> closed) = Patient();
        ladder.Add(Minute(0));
        ladder.Add(Minute(1));
        ladder.Add(Minute(2));
        ladder.Complete(Start - 300_000, Start + 60_000, Start);
        ladder.Settle(Start + 200_000);
        Assert.Equal(3, closed.Count);
        return (ladder, closed);
    }

    private static List<Bar> InOrder(IEnumerable<Bar> minutes)
    {
        List<Bar> closed = [];
        BarLadder ladder = new(Lengths, (_, bar) => closed.Add(bar));
        foreach (Bar bar in minutes)
        {
            ladder.Add(bar);
        }

        return closed;
    }

    private static Bar Minute(int minute) =>
        new(Start + (minute * 60_000L), Bar.Minute, 100 + minute, 102 + minute, 99, 101 + minute, minute, minute * 2, 1,
            1, minute);
}
