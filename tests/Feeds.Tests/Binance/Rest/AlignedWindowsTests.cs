using Feeds.Binance.Rest;
using Xunit;

namespace Feeds.Tests.Binance.Rest;

public sealed class AlignedWindowsTests
{
    [Fact]
    public void Windows_cover_every_stretch_once_aligned_and_no_longer_than_a_page()
    {
        Random random = new(3);
        for (int round = 0; round < 2_000; round++)
        {
            long period = Period.All[random.Next(Period.All.Count)].LengthMs;
            int rows = random.Next(1, 1_501);
            long start = random.NextInt64(1_600_000_000_000, 1_800_000_000_000);
            long end = start + random.NextInt64(-period, period * rows * 5);
            long next = start / period * period;
            foreach ((long from, long to) in AlignedWindows.Of(start, end, period, rows))
            {
                Assert.Equal((next, 0L), (from, from % period));
                Assert.InRange(to - from, 1, period * rows);
                next = to;
            }

            Assert.Equal(Math.Max(end, start / period * period), Math.Max(next, start / period * period));
        }
    }

    [Fact]
    public void Empty_stretch_has_no_window() => Assert.Empty(AlignedWindows.Of(1_000, 1_000, 1_000, 500));
}
