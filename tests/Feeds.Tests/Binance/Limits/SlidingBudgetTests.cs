using Feeds.Binance.Limits;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Binance.Limits;

public sealed class SlidingBudgetTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void No_stretch_of_the_window_holds_more_than_the_limit()
    {
        SlidingBudget budget = new(5, TimeSpan.FromSeconds(1), _time);
        Random random = new(7);
        List<DateTimeOffset> taken = [];
        for (int i = 0; i < 2_000; i++)
        {
            if (budget.TryTake() == TimeSpan.Zero)
            {
                taken.Add(_time.GetUtcNow());
            }

            _time.Advance(TimeSpan.FromMilliseconds(random.Next(0, 120)));
        }

        Assert.InRange(taken.Count, 400, 2_000);
        for (int i = 5; i < taken.Count; i++)
        {
            Assert.True(taken[i] - taken[i - 5] >= TimeSpan.FromSeconds(1), $"six within a second at {taken[i]}");
        }
    }

    [Fact]
    public void What_is_told_to_wait_is_enough_and_not_too_long()
    {
        SlidingBudget budget = new(2, TimeSpan.FromSeconds(10), _time);
        Assert.Equal(TimeSpan.Zero, budget.TryTake());
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.Zero, budget.TryTake());
        TimeSpan wait = budget.TryTake();
        Assert.Equal(TimeSpan.FromSeconds(6), wait);
        _time.Advance(wait);
        Assert.Equal(TimeSpan.Zero, budget.TryTake());
        Assert.Equal(2, budget.Used);
    }

    [Fact]
    public async Task Waiting_ends_when_there_is_one_again()
    {
        SlidingBudget budget = new(1, TimeSpan.FromSeconds(10), _time);
        await budget.TakeAsync(CancellationToken.None);
        Task second = budget.TakeAsync(CancellationToken.None).AsTask();
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(11));
        await second;
    }

    [Fact]
    public void Connections_stay_below_what_the_exchange_allows() =>
        Assert.InRange(SlidingBudget.ForConnections(_time).Limit, 1, 299);
}
