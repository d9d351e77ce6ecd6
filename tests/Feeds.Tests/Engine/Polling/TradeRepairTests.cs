using Feeds.Engine.Polling;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Engine.Polling;

public sealed class TradeRepairTests
{
    [Fact]
    public void What_was_declared_is_not_open_any_more()
    {
        TradeRepair repair = new();
        repair.Declare(12, 14);
        repair.Declare(20, 29);
        Assert.Equal([(10L, 11L), (15L, 19L)], repair.Open([(10, 19), (20, 29)]));
    }

    [Fact]
    public void Open_ids_are_the_missing_ones_without_the_declared_ones()
    {
        Gen<(int[] Missing, int[] Declared)> cases =
            from missing in Gen.Choose(0, 60).ArrayOf()
            from declared in Gen.Choose(0, 60).ArrayOf()
            select (missing, declared);
        Prop.ForAll(Arb.From(cases), static each =>
        {
            TradeRepair repair = new();
            foreach ((long from, long to) in Ranges(each.Declared))
            {
                repair.Declare(from, to);
            }

            long[] open = [.. repair.Open(Ranges(each.Missing)).SelectMany(static range => Ids(range))];
            return open.SequenceEqual(
                each.Missing.Except(each.Declared).Distinct().Order().Select(static id => (long)id));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void An_id_is_given_up_when_two_answers_leave_it_out()
    {
        TradeRepair repair = new();
        Assert.False(repair.Believe(5, 2));
        Assert.False(repair.Believe(9, 2));
        Assert.True(repair.Believe(5, 2));
        Assert.True(repair.Believe(9, 2));
    }

    private static List<(long From, long To)> Ranges(int[] ids)
    {
        List<(long From, long To)> ranges = [];
        foreach (int id in ids.Distinct().Order())
        {
            if (ranges.Count > 0 && ranges[^1].To == id - 1)
            {
                ranges[^1] = (ranges[^1].From, id);
            }
            else
            {
                ranges.Add((id, id));
            }
        }

        return ranges;
    }

    private static IEnumerable<long> Ids((long From, long To) range)
    {
        for (long id = range.From; id <= range.To; id++)
        {
            yield return id;
        }
    }
}
