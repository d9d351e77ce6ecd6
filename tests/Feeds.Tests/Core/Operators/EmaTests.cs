using Feeds.Core.Operators;
using Xunit;

namespace Feeds.Tests.Core.Operators;

public sealed class EmaTests
{
    [Fact]
    public void The_first_value_seeds_it_and_NaN_is_passed_over()
    {
        Ema ema = new(5);
        Assert.True(double.IsNaN(ema.Value));
        ema.Add(double.NaN);
        ema.Add(6);
        Assert.Equal(6, ema.Value);
        ema.Add(9);
        Assert.Equal(7, ema.Value, 15);
        ema.Add(double.NaN);
        Assert.Equal(7, ema.Value, 15);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ema(0));
    }
}
