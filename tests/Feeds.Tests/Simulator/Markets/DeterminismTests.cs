using Feeds.Simulator;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Simulator.Markets;

public sealed class DeterminismTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Public = ["btcusdt@depth20@100ms", "btcusdt@depth@100ms", "lumiausdt@bookTicker"];

    private static readonly string[] Market =
        ["btcusdt@aggTrade", "btcusdt@kline_1m", "btcusdt@markPrice@1s", "!forceOrder@arr", "!markPrice@arr",
            "yfiusdt@kline_5m"];

    [Fact]
    public async Task The_same_seed_and_start_give_the_same_bytes_however_unevenly_the_clock_moves()
    {
        string even = await RunAsync(1, 0, [.. Enumerable.Repeat(100.0, 1250)]);
        Random random = new(3);
        List<double> uneven = [];
        while (uneven.Sum() < 125_000)
        {
            uneven.Add(Math.Min(random.Next(1, 4000), 125_000 - uneven.Sum()));
        }

        Assert.True(even.Length > 1_000_000);
        Assert.Equal(even, await RunAsync(1, 0, uneven));
    }

    [Fact]
    public async Task Another_seed_is_another_market()
    {
        List<double> steps = [5000.0];
        Assert.NotEqual(await RunAsync(1, 0, steps), await RunAsync(2, 0, steps));
    }

    [Fact]
    public async Task A_venue_that_started_later_goes_on_with_the_same_market()
    {
        string early = await RunAsync(1, 0, [20_000.0]);
        string late = await RunAsync(1, 10_000, [10_000.0]);
        HashSet<string> known = [.. early.Split('\n')];
        string[] trades =
            [.. late.Split('\n').Where(static line => line.Contains("\"aggTrade\"", StringComparison.Ordinal))];
        Assert.NotEmpty(trades);
        Assert.All(trades, trade => Assert.Contains(trade, known));
    }

    [Fact]
    public async Task The_market_of_seed_1_is_the_one_it_always_was()
    {
        // A change of the generator changes what everybody's seeds mean: it must be meant.
        ManualTimeProvider clock = new(Start);
        await using VenueTwin venue = await VenueTwin.StartAsync(new VenueTwinOptions(), clock);
        using RestClient rest = new(venue);
        string bars = (await rest.GetAsync(
            "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=3&endTime=1777636799999")).GetRawText();
        Assert.Equal(Expected, bars);
    }

    private const string Expected =
        "[" +
        "[1777636620000,\"69747.50\",\"69799.60\",\"69740.80\",\"69756.20\",\"13.436\"," +
        "1777636679999,\"937414.00150\",2240,\"6.810\",\"475134.60610\",\"0\"]," +
        "[1777636680000,\"69757.10\",\"69768.60\",\"69697.70\",\"69702.90\",\"13.171\"," +
        "1777636739999,\"918466.64560\",2145,\"5.951\",\"414977.85600\",\"0\"]," +
        "[1777636740000,\"69701.60\",\"69725.10\",\"69685.90\",\"69696.30\",\"10.580\"," +
        "1777636799999,\"737501.49930\",1772,\"6.088\",\"424374.85050\",\"0\"]" +
        "]";

    private static async Task<string> RunAsync(ulong seed, int laterMs, List<double> steps)
    {
        ManualTimeProvider clock = new(Start.AddMilliseconds(laterMs));
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { Seed = seed, UnknownFieldEvery = 0 }, clock);
        using StreamClient books = await StreamClient.OpenAsync(
            venue, "/public/stream?streams=" + string.Join('/', Public));
        using StreamClient rest = await StreamClient.OpenAsync(
            venue, "/market/stream?streams=" + string.Join('/', Market));
        foreach (double step in steps)
        {
            clock.Advance(TimeSpan.FromMilliseconds(step));
        }

        List<string> all = [.. (await books.AllAsync()).Select(static m => m.GetRawText())];
        all.AddRange((await rest.AllAsync()).Select(static m => m.GetRawText()));
        return string.Join('\n', all);
    }
}
