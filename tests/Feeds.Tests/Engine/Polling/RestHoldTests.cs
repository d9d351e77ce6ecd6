using Feeds.Binance.Limits;
using Feeds.Engine.Polling;
using Feeds.Tests.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Feeds.Tests.Engine.Polling;

public sealed class RestHoldTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("feeds-hold-").FullName;
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void The_end_of_a_ban_outlives_a_restart()
    {
        long end = Now + 600_000;
        using (WeightPlanner before = Planner())
        {
            before.Hold(HoldReason.Banned, end);
        }

        using WeightPlanner after = Planner();
        Assert.Equal(HoldReason.Banned, after.HoldReason);
        Assert.Equal(end, after.HoldEndTime);
    }

    [Fact]
    public void A_hold_that_is_over_is_forgotten()
    {
        using (WeightPlanner before = Planner())
        {
            before.Hold(HoldReason.RateLimited, Now + 10_000);
        }

        _clock.Advance(TimeSpan.FromSeconds(11));
        using WeightPlanner after = Planner();
        Assert.Equal(HoldReason.None, after.HoldReason);
    }

    [Fact]
    public void A_broken_file_keeps_nobody_from_starting()
    {
        File.WriteAllText(Path.Combine(_folder, "rest-hold.json"), "{");
        using WeightPlanner planner = Planner();
        Assert.Equal(HoldReason.None, planner.HoldReason);
        planner.Hold(HoldReason.Banned, Now + 10_000);
        using WeightPlanner after = Planner();
        Assert.Equal(HoldReason.Banned, after.HoldReason);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    private WeightPlanner Planner()
    {
        WeightPlanner planner = new(new WeightPlannerOptions(), _clock);
        new RestHold(_folder, NullLogger.Instance).Attach(planner);
        return planner;
    }
}
