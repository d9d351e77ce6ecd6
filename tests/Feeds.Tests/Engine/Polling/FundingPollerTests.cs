using System.Globalization;
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

public sealed class FundingPollerTests
{
    private const long ReachMs = (8 * 60 + 10) * 60_000L;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_poller_that_knows_no_settlement_asks_for_those_of_the_last_hours(bool isSettled)
    {
        await using EngineFixture engine = new();
        engine.Add("BTCUSDT");
        string settled =
            $$"""{"symbol":"BTCUSDT","fundingTime":{{EngineFixture.Start - 3_600_000}},"fundingRate":"1","markPrice":"1"}""";
        await using FakeExchange exchange = await FakeExchange.StartAsync(
            FakeExchange.Json(isSettled ? $"[{settled}]" : "[]"));
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
            new Props<PollerActor.Poll>(() => new FundingPoller(rest, engine.Symbols, NullLogger.Instance))
            {
                Supervision = SupervisorStrategy.Default,
            },
            "funding");
        await UntilAskedAsync(1);
        if (isSettled)
        {
            Assert.True(engine.System.TryRestart("funding"));
        }
        else
        {
            engine.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await UntilAskedAsync(2);
        Assert.All(
            exchange.Requests,
            request => Assert.InRange(StartTime(request), EngineFixture.Start - ReachMs, long.MaxValue));

        // The clock goes on in steps that are shorter than any deadline, and only while nothing is asked.
        Task UntilAskedAsync(int requests) => Eventually.True(
            () =>
            {
                bool isAsked = exchange.Requests.Count >= requests && rest.Planner.UnderWay == 0
                    && engine.Symbols.Entries[0].Gauges.IsConnected(Feed.Funding);
                if (!isAsked && rest.Planner.UnderWay == 0)
                {
                    engine.Clock.Advance(TimeSpan.FromMilliseconds(100));
                }

                return isAsked;
            },
            $"{requests} requests");
    }

    private static long StartTime(string request) => long.Parse(
        request.Split("startTime=")[1].Split('&')[0], CultureInfo.InvariantCulture);
}
