using Feeds.Actors.Supervision;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Actors.Supervision;

public sealed class BackoffTests
{
    [Fact]
    public void Without_jitter_the_delay_doubles_from_the_least_to_the_largest()
    {
        var backoff = new Backoff { Jitter = 0 };
        var delays = Enumerable.Range(1, 9).Select(n => backoff.Delay(n, new Random(1)).TotalSeconds);
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60, 60], delays);
    }

    [Fact]
    public void A_seeded_chance_gives_exact_delays()
    {
        var random = new Random(42);
        var draws = new Random(42);
        var delays = Enumerable.Range(1, 8).Select(n => Backoff.Default.Delay(n, random)).ToArray();
        double[] plain = [1, 2, 4, 8, 16, 32, 50, 50];
        var expected = plain.Select(
            seconds => TimeSpan.FromTicks((long)(seconds * 1e7 * (1 + (0.2 * draws.NextDouble())))));
        Assert.Equal(expected, delays);
        Assert.Equal(delays.Length, delays.Distinct().Count());
    }

    [Fact]
    public void Every_delay_lies_between_the_least_and_the_largest_however_long_it_fails()
    {
        var cases = from min in Gen.Choose(1, 5_000)
                    from above in Gen.Choose(0, 100_000)
                    from factor in Gen.Choose(100, 1_000)
                    from jitter in Gen.Choose(0, 100)
                    from failures in Gen.Choose(1, 5_000)
                    from seed in Gen.Choose(0, int.MaxValue)
                    select (min, above, factor, jitter, failures, seed);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var backoff = new Backoff
            {
                Min = TimeSpan.FromMilliseconds(c.min),
                Max = TimeSpan.FromMilliseconds(c.min + c.above),
                Factor = c.factor / 100.0,
                Jitter = c.jitter / 100.0,
            };
            var delay = backoff.Delay(c.failures, new Random(c.seed));
            return delay >= backoff.Min && delay <= backoff.Max;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0, 60, 2, 0.2)]
    [InlineData(2, 1, 2, 0.2)]
    [InlineData(1, 86_401, 2, 0.2)]
    [InlineData(1, 60, 0.9, 0.2)]
    [InlineData(1, 60, 2, -0.1)]
    [InlineData(1, 60, 2, 1.1)]
    public void Values_out_of_range_are_refused(double min, double max, double factor, double jitter)
    {
        var strategy = new SupervisorStrategy
        {
            Backoff = new Backoff
            {
                Min = TimeSpan.FromSeconds(min),
                Max = TimeSpan.FromSeconds(max),
                Factor = factor,
                Jitter = jitter,
            },
        };
        Assert.Throws<ArgumentOutOfRangeException>(strategy.Validate);
    }
}
