using Feeds.Binance.Limits;
using Feeds.Tests.Actors;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Binance.Limits;

public sealed class WeightPlannerTests
{
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 11, 21, 12, 0, 30, TimeSpan.Zero));

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task Weight_of_a_minute_is_not_exceeded_and_the_rest_waits_for_the_turn()
    {
        using WeightPlanner planner = Planner(
            new WeightPlannerOptions { WeightLimit = 100, Parallel = 1_000, TickShare = 1 });
        List<Task<RequestPermit>> asked = [.. Enumerable.Range(0, 25).Select(_ => Ask(planner, 10))];
        Assert.Equal(100, planner.Used(RequestPool.Weight));
        Assert.Equal(15, planner.Waiting);
        _time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.Equal(15, planner.Waiting);

        // Around the turn both minutes count, as the exchange's clock may be a little behind.
        _time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.Equal(15, planner.Waiting);
        _time.Advance(TimeSpan.FromSeconds(0.3));
        Assert.Equal(5, planner.Waiting);
        _time.Advance(TimeSpan.FromMinutes(1));
        await Task.WhenAll(asked).Ends();
    }

    [Fact]
    public async Task A_request_waits_until_the_shared_budget_pays_for_it()
    {
        using WeightPlanner planner = Planner(new WeightPlannerOptions { WeightLimit = 100, TickShare = 1 });
        var reserved = 0;
        planner.Shared = (pool, weight, allowed, _) =>
        {
            if (pool != RequestPool.Weight || allowed != 100 || reserved < weight) return false;
            reserved -= weight;
            return true;
        };
        Task<RequestPermit> asked = Ask(planner, 10);
        Assert.Equal(1, planner.Waiting);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 0), (planner.Waiting, planner.Used(RequestPool.Weight)));
        reserved = 15;
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await asked.Ends();
        Assert.Equal((5, 10), (reserved, planner.Used(RequestPool.Weight)));
    }

    [Fact]
    public async Task What_the_exchange_counts_is_believed_when_it_is_more()
    {
        using WeightPlanner planner = Planner(new WeightPlannerOptions { WeightLimit = 100, TickShare = 1 });
        RequestPermit permit = await Ask(planner, 1);
        permit.Complete(new RequestOutcome(200, UsedWeight: 95));
        Assert.Equal(95, planner.Used(RequestPool.Weight));
        Task<RequestPermit> tooMuch = Ask(planner, 10);
        Assert.Equal(1, planner.Waiting);
        _time.Advance(TimeSpan.FromSeconds(32));
        await tooMuch.Ends();
        (await Ask(planner, 5)).Complete(new RequestOutcome(200, UsedWeight: 3));
        Assert.Equal(15, planner.Used(RequestPool.Weight));
    }

    [Fact]
    public async Task Lower_priority_goes_last_and_uses_only_its_share()
    {
        using WeightPlanner planner = Planner(
            new WeightPlannerOptions { WeightLimit = 100, Parallel = 1, TickShare = 1 });
        RequestPermit first = await Ask(planner, 1);
        Task<RequestPermit> backfill = Ask(planner, 10, RequestPriority.Backfill);
        Task<RequestPermit> gap = Ask(planner, 10, RequestPriority.Gap);
        Task<RequestPermit> tick = Ask(planner, 40);
        first.Complete(new RequestOutcome(200));
        RequestPermit second = await tick.Ends();
        Assert.Equal(2, planner.Waiting);
        second.Complete(new RequestOutcome(200));
        (await gap.Ends()).Complete(new RequestOutcome(200));

        // 51 of 100 are used: backfill may use no more than half.
        Assert.Equal((1, 0), (planner.Waiting, planner.UnderWay));
        (await Ask(planner, 40).Ends()).Complete(new RequestOutcome(200));
        _time.Advance(TimeSpan.FromSeconds(32));
        await backfill.Ends();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Ask(planner, 51, RequestPriority.Backfill));
    }

    [Fact]
    public async Task Funding_and_statistics_have_budgets_of_five_minutes_of_their_own()
    {
        using WeightPlanner planner = Planner(
            new WeightPlannerOptions { FundingLimit = 3, FuturesDataLimit = 5, Parallel = 100, TickShare = 1 });
        Task<RequestPermit>[] funding = [.. Enumerable.Range(0, 4).Select(_ => Ask(planner, RequestCost.Funding))];
        Task<RequestPermit>[] data = [.. Enumerable.Range(0, 6).Select(_ => Ask(planner, RequestCost.FuturesData))];
        Assert.Equal(2, planner.Waiting);
        Assert.Equal((3, 5), (planner.Used(RequestPool.Funding), planner.Used(RequestPool.FuturesData)));
        await Ask(planner, 1).Ends();
        _time.Advance(TimeSpan.FromMinutes(4.99));
        Assert.Equal(2, planner.Waiting);
        _time.Advance(TimeSpan.FromMinutes(0.02));
        await Task.WhenAll([.. funding, .. data]).Ends();
    }

    [Fact]
    public async Task No_more_requests_are_under_way_than_allowed()
    {
        using WeightPlanner planner = Planner(new WeightPlannerOptions { Parallel = 2 });
        Task<RequestPermit>[] asked = [.. Enumerable.Range(0, 5).Select(_ => Ask(planner, 1))];
        Assert.Equal((3, 2), (planner.Waiting, planner.UnderWay));
        (await asked[0]).Complete(new RequestOutcome(200));
        (await asked[0]).Complete(new RequestOutcome(200));
        Assert.Equal((2, 2), (planner.Waiting, planner.UnderWay));
    }

    [Theory]
    [InlineData(429, HoldReason.RateLimited)]
    [InlineData(418, HoldReason.Banned)]
    public async Task No_request_goes_during_a_hold_of_any_pool_or_priority(int status, HoldReason reason)
    {
        using WeightPlanner planner = Planner(new WeightPlannerOptions());
        long end = Now + 90_000;
        (await Ask(planner, 1)).Complete(new RequestOutcome(status, RetryAfterTime: end));
        Task<RequestPermit>[] asked =
            [Ask(planner, 1), Ask(planner, RequestCost.Funding), Ask(planner, RequestCost.FuturesData),
                Ask(planner, 1, RequestPriority.Backfill)];
        Assert.Equal((end, reason, 1L), (planner.HoldEndTime, planner.HoldReason, planner.Holds));
        for (int step = 0; step < 89; step++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal((4, 0), (planner.Waiting, planner.UnderWay));
        }

        _time.Advance(TimeSpan.FromSeconds(1.1));
        await Task.WhenAll(asked).Ends();
        Assert.Equal(HoldReason.None, planner.HoldReason);
    }

    [Fact]
    public async Task Hold_only_ever_becomes_longer()
    {
        using WeightPlanner planner = Planner(new WeightPlannerOptions());
        List<(HoldReason, long)> told = [];
        planner.Held += (reason, end) => told.Add((reason, end));
        RequestPermit[] permits = [await Ask(planner, 1), await Ask(planner, 1), await Ask(planner, 1)];
        long start = Now;
        permits[0].Complete(new RequestOutcome(429, RetryAfterTime: start + 60_000));
        permits[1].Complete(new RequestOutcome(429, RetryAfterTime: start + 30_000));
        Assert.Equal(start + 60_000, planner.HoldEndTime);
        permits[2].Complete(new RequestOutcome(418, RetryAfterTime: start + 50_000, BannedUntilTime: start + 300_000));
        Assert.Equal(start + 300_000, planner.HoldEndTime);
        Assert.Equal([(HoldReason.RateLimited, start + 60_000), (HoldReason.Banned, start + 300_000)], told);
        Assert.Equal(1, planner.Holds);
    }

    [Fact]
    public async Task Hold_without_a_word_about_its_end_lasts_past_the_minute()
    {
        using WeightPlanner planner = Planner(new WeightPlannerOptions());
        (await Ask(planner, 1)).Complete(new RequestOutcome(429));
        Assert.InRange(planner.HoldEndTime, Now + 30_000, Now + 60_000);
        _time.Advance(TimeSpan.FromMinutes(1));
        (await Ask(planner, 1)).Complete(new RequestOutcome(418));
        Assert.InRange(planner.HoldEndTime, Now + 120_000, Now + 120_000);
        _time.Advance(TimeSpan.FromMinutes(2));
        (await Ask(planner, 1)).Complete(new RequestOutcome(418));
        Assert.InRange(planner.HoldEndTime, Now + 240_000, Now + 240_000);
    }

    [Theory]
    [InlineData(429, 0, 5_000)]
    [InlineData(429, -3_600_000, 5_000)]
    [InlineData(418, 0, 120_000)]
    [InlineData(418, -3_600_000, 120_000)]
    [InlineData(400, -3_600_000, 120_000)]
    public async Task Hold_whose_told_end_has_passed_lasts_all_the_same(int status, long told, long lasts)
    {
        using WeightPlanner planner = Planner(new WeightPlannerOptions());
        (await Ask(planner, 1)).Complete(
            new RequestOutcome(status, RetryAfterTime: Now + told, BannedUntilTime: told == 0 ? 0 : Now + told));
        Assert.Equal(Now + lasts, planner.HoldEndTime);
        Task<RequestPermit> asked = Ask(planner, 1);
        _time.Advance(TimeSpan.FromMilliseconds(lasts - 1));
        Assert.Equal((1, 0), (planner.Waiting, planner.UnderWay));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await asked.Ends();
    }

    [Fact]
    public async Task Hold_that_was_kept_over_a_restart_holds()
    {
        using WeightPlanner planner = Planner(new WeightPlannerOptions());
        planner.Hold(HoldReason.Banned, Now + 10_000);
        Task<RequestPermit> asked = Ask(planner, 1);
        Assert.Equal(1, planner.Waiting);
        _time.Advance(TimeSpan.FromSeconds(10.1));
        await asked.Ends();
    }

    [Theory]
    [InlineData(403)]
    [InlineData(451)]
    public async Task Blocked_address_is_tried_once_every_ten_minutes(int status)
    {
        using WeightPlanner planner = Planner(new WeightPlannerOptions());
        (await Ask(planner, 1)).Complete(new RequestOutcome(status));
        Assert.Equal(HoldReason.Blocked, planner.HoldReason);
        Task<RequestPermit>[] asked = [Ask(planner, 1), Ask(planner, 1), Ask(planner, 1)];
        _time.Advance(TimeSpan.FromMinutes(9.9));
        Assert.Equal((3, 0), (planner.Waiting, planner.UnderWay));
        _time.Advance(TimeSpan.FromMinutes(0.2));
        Assert.Equal((2, 1, HoldReason.Blocked), (planner.Waiting, planner.UnderWay, planner.HoldReason));
        (await asked[0].Ends()).Complete(new RequestOutcome(status));
        _time.Advance(TimeSpan.FromMinutes(9.9));
        Assert.Equal((2, 0), (planner.Waiting, planner.UnderWay));
        _time.Advance(TimeSpan.FromMinutes(0.2));
        (await asked[1].Ends()).Complete(new RequestOutcome(200));
        Assert.Equal(HoldReason.None, planner.HoldReason);
        await asked[2].Ends();
    }

    [Theory]
    [InlineData(HoldReason.Blocked, 403)]
    [InlineData(HoldReason.Blocked, 0)]
    [InlineData(HoldReason.Banned, 200)]
    public async Task Hold_that_begins_during_the_try_after_a_block_ends_too(HoldReason reason, int status)
    {
        using WeightPlanner planner = Planner(new WeightPlannerOptions());
        (await Ask(planner, 1)).Complete(new RequestOutcome(403));
        Task<RequestPermit>[] asked = [Ask(planner, 1), Ask(planner, 1)];
        _time.Advance(TimeSpan.FromMinutes(10.1));
        RequestPermit permit = await asked[0].Ends();

        // Told by somebody else: a handshake, or another node behind this address.
        planner.Hold(reason, Now + 600_000);
        permit.Complete(new RequestOutcome(status));
        _time.Advance(TimeSpan.FromMinutes(9.9));
        Assert.Equal((1, 0), (planner.Waiting, planner.UnderWay));
        _time.Advance(TimeSpan.FromMinutes(0.2));
        Assert.Equal((0, 1), (planner.Waiting, planner.UnderWay));
        await asked[1].Ends();
    }

    [Fact]
    public async Task Nothing_is_granted_between_the_refusal_of_a_try_and_its_hold()
    {
        using WeightPlanner planner = Planner(new WeightPlannerOptions());
        (await Ask(planner, 1)).Complete(new RequestOutcome(403));
        using CancellationTokenSource ended = new();

        // Another thread looks all the time whether something may go.
        Task looking = Task.Factory.StartNew(
            () =>
            {
                while (!ended.IsCancellationRequested)
                {
                    planner.WeightLimit = 2_400;
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            Task<RequestPermit> first = Ask(planner, 1);
            for (int i = 0; i < 2_000; i++)
            {
                Task<RequestPermit> second = Ask(planner, 1);
                _time.Advance(TimeSpan.FromMinutes(10.1));
                (await first.Ends()).Complete(new RequestOutcome(403));
                Assert.Equal((1, 0), (planner.Waiting, planner.UnderWay));
                first = second;
            }
        }
        finally
        {
            await ended.CancelAsync();
            await looking.Ends();
        }
    }

    [Fact]
    public async Task Cancelled_request_takes_nothing_and_lets_the_next_one_go()
    {
        using WeightPlanner planner = Planner(new WeightPlannerOptions { Parallel = 1 });
        RequestPermit first = await Ask(planner, 1);
        using CancellationTokenSource cancellation = new();
        Task<RequestPermit> cancelled = planner.AcquireAsync(
            RequestCost.OfWeight(5), RequestPriority.Tick, cancellation.Token).AsTask();
        Task<RequestPermit> next = Ask(planner, 1);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Ends());
        first.Complete(new RequestOutcome(200));
        await next.Ends();
        Assert.Equal((2, 0), (planner.Used(RequestPool.Weight), planner.Waiting));
    }

    [Fact]
    public async Task Turn_of_the_minute_is_the_exchanges()
    {
        using WeightPlanner planner = Planner(new WeightPlannerOptions { WeightLimit = 10, TickShare = 1 });
        planner.ClockOffsetMs = 20_000;
        (await Ask(planner, 10)).Complete(new RequestOutcome(200));
        Task<RequestPermit> next = Ask(planner, 1);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal(1, planner.Waiting);
        _time.Advance(TimeSpan.FromSeconds(1.2));
        await next.Ends();
    }

    [Fact]
    public async Task Six_hundred_symbols_never_exceed_a_budget_by_the_exchanges_count()
    {
        // The exchange's clock is off by less than the guard, and each request arrives some time after it was granted.
        Random random = new(11);
        using WeightPlanner planner = Planner(new WeightPlannerOptions { Parallel = 50 });
        Dictionary<long, int> minutes = [];
        List<(long Due, RequestPermit Permit, int Weight)> underWay = [];
        int asked = 0;
        int granted = 0;
        for (int step = 0; step < 3_000; step++)
        {
            for (int i = 0; i < 8 && planner.Waiting < 200; i++)
            {
                asked++;
                _ = RequestAsync(random.Next(20) == 0 ? 20 : random.Next(1, 6), (RequestPriority)random.Next(4));
            }

            await GrantsAreTakenAsync();
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await GrantsAreTakenAsync();
            (long Due, RequestPermit Permit, int Weight)[] arrived = [.. underWay.Where(request => request.Due <= Now)];
            underWay.RemoveAll(request => request.Due <= Now);
            foreach ((long due, RequestPermit permit, int weight) in arrived)
            {
                long minute = (due + 400) / 60_000;
                minutes[minute] = minutes.GetValueOrDefault(minute) + weight;
                permit.Complete(new RequestOutcome(200, minutes[minute]));
            }

            await GrantsAreTakenAsync();
        }

        Assert.True(minutes.Count >= 5);
        Assert.All(minutes.Values, static used => Assert.InRange(used, 0, 2_400));

        // Of no use if it only waited: the budget was used nearly whole in a whole minute.
        Assert.InRange(minutes.Values.Max(), 2_000, 2_400);

        async Task RequestAsync(int weight, RequestPriority priority)
        {
            RequestPermit permit = await Ask(planner, weight, priority);
            lock (underWay)
            {
                underWay.Add((Now + random.Next(5, 500), permit, weight));
                granted++;
            }
        }

        // What is granted goes on upon another thread; the clock stands still until it did.
        async Task GrantsAreTakenAsync()
        {
            while (asked - planner.Waiting != Volatile.Read(ref granted))
            {
                await Task.Yield();
            }
        }
    }

    private static Task<RequestPermit> Ask(
        WeightPlanner planner, int weight, RequestPriority priority = RequestPriority.Tick) =>
        planner.AcquireAsync(RequestCost.OfWeight(weight), priority, CancellationToken.None).AsTask();

    private static Task<RequestPermit> Ask(WeightPlanner planner, RequestCost cost) =>
        planner.AcquireAsync(cost, RequestPriority.Tick, CancellationToken.None).AsTask();

    private WeightPlanner Planner(WeightPlannerOptions options) => new(options, _time);
}
