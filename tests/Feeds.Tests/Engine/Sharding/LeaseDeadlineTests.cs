using Feeds.Engine.Sharding;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Engine.Sharding;

public sealed class LeaseDeadlineTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void Nothing_is_released_before_the_first_renewal() => Assert.False(Make().MayRelease);

    [Fact]
    public void A_renewal_counts_from_before_it_was_sent()
    {
        LeaseDeadline deadline = Make();
        long mark = deadline.Mark();
        _clock.Advance(TimeSpan.FromSeconds(6));
        deadline.Renewed(mark);
        Assert.True(deadline.MayRelease);
        _clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.True(deadline.MayRelease);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(deadline.MayRelease);
    }

    [Fact]
    public void A_slow_answer_does_not_shorten_what_a_later_one_gave()
    {
        LeaseDeadline deadline = Make();
        long slow = deadline.Mark();
        _clock.Advance(TimeSpan.FromSeconds(5));
        deadline.Renewed(deadline.Mark());
        deadline.Renewed(slow);
        _clock.Advance(TimeSpan.FromSeconds(7));
        Assert.True(deadline.MayRelease);
    }

    [Fact]
    public void A_lease_given_back_has_ended()
    {
        LeaseDeadline deadline = Make();
        deadline.Renewed(deadline.Mark());
        deadline.End();
        Assert.False(deadline.MayRelease);
    }

    private LeaseDeadline Make() => new(_clock, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2));
}
