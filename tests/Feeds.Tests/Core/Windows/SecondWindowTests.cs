using Feeds.Core.Windows;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Core.Windows;

public sealed class SecondWindowTests
{
    [Fact]
    public void A_sum_is_that_of_all_events_in_the_window() =>
        Prop.ForAll<int>(seed =>
        {
            Random random = new(seed);
            SecondWindow window = new(300, 60);
            List<(long Time, double Value)> all = [];
            long now = 1_700_000_000_000 + random.Next(1_000_000);
            for (int i = 0; i < 300; i++)
            {
                now += random.Next(0, 4000);
                long eventTime = now + random.Next(-60_000, 1_000);
                double value = random.Next(1, 1000);
                Assert.True(window.Add(eventTime, value));
                all.Add((eventTime, value));
                long tick = (now + 999) / 1000 * 1000;
                int seconds = random.Next(1, 301);
                double expected = all.Where(e => e.Time > tick - (seconds * 1000L) && e.Time <= tick).Sum(e => e.Value);
                Assert.Equal(expected, window.Sum(tick, seconds));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_window_is_open_at_its_start_and_closed_at_its_end()
    {
        SecondWindow window = new(5, 0);
        window.Add(5_000, 1);
        window.Add(5_001, 10);
        window.Add(10_000, 100);
        Assert.Equal(110, window.Sum(10_000, 5));
        Assert.Equal(0, window.Sum(60_000, 5));
    }

    [Fact]
    public void What_is_older_than_the_ring_is_refused()
    {
        SecondWindow window = new(5, 1);
        Assert.True(window.Add(100_000, 1));
        Assert.False(window.Add(92_000, 1));
        Assert.Equal(1, window.Sum(100_000, 5));
    }

    [Fact]
    public void A_window_that_begins_before_1970_holds_only_what_came()
    {
        SecondWindow window = new(300, 60);
        window.Add(1_000, 7);
        Assert.Equal(7, window.Sum(2_000, 300));
    }
}
