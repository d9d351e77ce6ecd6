using System.Collections.Concurrent;
using Feeds.Actors;
using Feeds.Actors.Supervision;
using Feeds.Core.Market;
using Feeds.Engine;
using Feeds.Engine.Polling;
using Feeds.Tests.Actors;
using Feeds.Tests.Binance;
using Feeds.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Feeds.Tests.Engine.Polling;

public sealed class ClockPollerTests
{
    [Fact]
    public async Task A_doubtful_offset_is_told_anew_when_a_better_one_is_known_and_no_other()
    {
        await using EngineFixture engine = new();
        ConcurrentQueue<double> told = new();
        engine.Applied = (_, e) =>
        {
            if (e.Kind == EventKind.ClockOffset)
            {
                told.Enqueue(e.ClockOffsetMs);
            }
        };
        engine.Add("BTCUSDT");

        // The exchange's clock is ours; what it answers is late by the way back alone. One moves the clock at a time.
        Lock moving = new();
        TimeSpan wayBack = TimeSpan.FromSeconds(3);
        await using FakeExchange exchange = await FakeExchange.StartAsync(context =>
        {
            long serverTime = engine.Clock.GetUtcNow().ToUnixTimeMilliseconds();
            lock (moving)
            {
                engine.Clock.Advance(wayBack);
            }

            return FakeExchange.WriteAsync(context, $$"""{"serverTime":{{serverTime}}}""");
        });
        using TemporaryFolder folder = new();
        using RestSource rest = new(
            new NodeOptions
            {
                Symbols = [],
                RestUrl = exchange.Rest,
                StreamUrl = exchange.Stream,
                DataDirectory = folder.Path,
            },
            engine.Clock,
            NullLogger.Instance);
        engine.System.ActorOf(
            new Props<PollerActor.Poll>(
                () => new ClockPoller(rest, new ClockGauge(), engine.Symbols, NullLogger.Instance))
            {
                Supervision = SupervisorStrategy.Default,
            },
            "clock");
        await PollAsync(requests: 4);
        await Eventually.True(() => told.SequenceEqual([-1_500]), "the first offset is told");

        // Within the doubt of the first, and far surer.
        wayBack = TimeSpan.Zero;
        await PollAsync(requests: 5);
        await Eventually.True(() => told.SequenceEqual([-1_500, 0]), "the better one is told");

        // Off by 4 ms and by 1500 ms: neither says more than what was told.
        wayBack = TimeSpan.FromMilliseconds(8);
        await PollAsync(requests: 9);
        wayBack = TimeSpan.FromSeconds(3);
        await PollAsync(requests: 13);
        wayBack = TimeSpan.Zero;
        await PollAsync(requests: 14);
        Assert.Equal([-1_500, 0], told);

        async Task PollAsync(int requests)
        {
            long due = await NextPollAsync();
            lock (moving)
            {
                engine.Clock.AdvanceTo(DateTimeOffset.FromUnixTimeMilliseconds(due));
            }

            while (await NextPollAsync() == due)
            {
                await Task.Yield();
            }

            Assert.Equal(requests, exchange.Requests.Count);
        }

        // By a clock that is moved by hand, so that long ways back do not end it.
        async Task<long> NextPollAsync() => Assert.IsType<PollerInspection>(
            await engine.System.InspectAsync("clock", TimeSpan.FromHours(1))).NextPollTime;
    }
}
