using Feeds.Core.Bars;
using Feeds.Core.Market;
using Xunit;

namespace Feeds.Tests.Core.Bars;

public sealed class MinuteClosesTests
{
    private const long First = 29_000_000;

    [Fact]
    public void The_order_in_which_bars_come_leaves_no_trace()
    {
        Random random = new(1);
        for (int round = 0; round < 50; round++)
        {
            Bar[] bars = [.. Enumerable.Range(0, 200)
                .Where(_ => random.Next(5) > 0)
                .Select(m => Minute(First + m, 100 + random.Next(-20, 20)))];
            MinuteCloses ordered = new();
            MinuteCloses shuffled = new();
            Array.ForEach(bars, ordered.Add);
            random.Shuffle(bars);
            Array.ForEach(bars, shuffled.Add);
            Assert.Equal(ordered.First, shuffled.First);
            Assert.Equal(ordered.Newest, shuffled.Newest);
            for (long m = ordered.First; m <= ordered.Newest; m++)
            {
                Assert.Equal(Bits(ordered.Close(m)), Bits(shuffled.Close(m)));
                Assert.Equal(Bits(ordered.LogReturn(m)), Bits(shuffled.LogReturn(m)));
                Assert.Equal(Bits(ordered.RealLogReturn(m)), Bits(shuffled.RealLogReturn(m)));
                Assert.Equal(ordered.Lacks(m), shuffled.Lacks(m));
            }
        }
    }

    [Fact]
    public void A_minute_is_taken_once_and_not_when_it_is_forgotten()
    {
        MinuteCloses minutes = new();
        minutes.Add(Minute(First, 100));
        minutes.Add(Minute(First + 5_000, 200));
        Assert.False(minutes.Lacks(First + 5_000));
        minutes.Add(Minute(First + 5_000, 300));
        Assert.Equal(200, minutes.Close(First + 5_000));
        Assert.False(minutes.Lacks(First + 1));
        Assert.True(minutes.Lacks(First + 4_999));
        Assert.Equal(100, minutes.Close(First + 4_999));
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);

    private static Bar Minute(long minute, decimal close) =>
        new(minute * Bar.Minute, Bar.Minute, close, close, close, close, 1, close, 0, 0, 1);
}
