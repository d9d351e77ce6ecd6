using System.Globalization;
using System.Net;
using System.Text.Json;
using Feeds.Simulator;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Simulator.Server;

public sealed class RestRulesTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 3, 5, 8, 0, 10, TimeSpan.Zero));
    private VenueTwin _venue = null!;
    private RestClient _rest = null!;

    public async ValueTask InitializeAsync()
    {
        _venue = await VenueTwin.StartAsync(new VenueTwinOptions(), _clock);
        _rest = new RestClient(_venue);
    }

    public async ValueTask DisposeAsync()
    {
        _rest.Dispose();
        await _venue.DisposeAsync();
    }

    [Theory]
    [InlineData("/fapi/v1/time", 1)]
    [InlineData("/fapi/v1/exchangeInfo", 1)]
    [InlineData("/fapi/v1/openInterest?symbol=BTCUSDT", 1)]
    [InlineData("/fapi/v1/premiumIndex", 10)]
    [InlineData("/fapi/v1/premiumIndex?symbol=BTCUSDT", 1)]
    [InlineData("/fapi/v1/klines?symbol=BTCUSDT&interval=1m", 5)]
    [InlineData("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1", 1)]
    [InlineData("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=100", 1)]
    [InlineData("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=101", 2)]
    [InlineData("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=500", 2)]
    [InlineData("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=501", 5)]
    [InlineData("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1000", 5)]
    [InlineData("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1001", 10)]
    [InlineData("/fapi/v1/markPriceKlines?symbol=BTCUSDT&interval=1m&limit=100", 1)]
    [InlineData("/fapi/v1/aggTrades?symbol=BTCUSDT&limit=1", 20)]
    [InlineData("/fapi/v1/depth?symbol=BTCUSDT", 1)]
    [InlineData("/fapi/v1/depth?symbol=BTCUSDT&limit=5", 2)]
    [InlineData("/fapi/v1/depth?symbol=BTCUSDT&limit=50", 2)]
    [InlineData("/fapi/v1/depth?symbol=BTCUSDT&limit=100", 5)]
    [InlineData("/fapi/v1/depth?symbol=BTCUSDT&limit=500", 10)]
    [InlineData("/fapi/v1/depth?symbol=BTCUSDT&limit=1000", 20)]
    public async Task Weights_are_those_of_the_venue(string path, int weight) =>
        Assert.Equal(weight, await _rest.WeightAfterAsync(path));

    [Theory]
    [InlineData("/fapi/v1/klines?symbol=NOSUCH&interval=1m", -1121)]
    [InlineData("/fapi/v1/klines?symbol=BTCUSDT&interval=1s", -1120)]
    [InlineData("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1501", -1130)]
    [InlineData("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime=x", -1130)]
    [InlineData("/fapi/v1/klines?interval=1m", -1102)]
    [InlineData("/fapi/v1/depth?symbol=BTCUSDT&limit=7", -4021)]
    [InlineData("/fapi/v1/aggTrades?symbol=BTCUSDT&startTime=1700000000000", -4166)]
    [InlineData("/fapi/v1/aggTrades?symbol=BTCUSDT&fromId=5", -4166)]
    [InlineData("/futures/data/openInterestHist?symbol=BTCUSDT&period=1m", -1130)]
    [InlineData("/futures/data/openInterestHist?symbol=BTCUSDT&period=5m&limit=501", -1130)]
    [InlineData("/futures/data/openInterestHist?symbol=BTCUSDT&period=5m&startTime=1700000000000", -1130)]
    [InlineData("/fapi/v1/openInterest?symbol=SRMUSDT", -4108)]
    public async Task Errors_have_the_code_of_the_venue(string path, int code) =>
        Assert.Equal((400, code), await _rest.FailAsync(path));

    [Fact]
    public async Task A_wrong_request_costs_its_weight_too()
    {
        using HttpResponseMessage answer = await _rest.AskAsync("/fapi/v1/klines?symbol=NOSUCH&interval=1m&limit=1500");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(11, await _rest.WeightAfterAsync("/fapi/v1/time"));
    }

    [Fact]
    public async Task The_weight_begins_anew_with_the_minute_of_the_utc_clock()
    {
        Assert.Equal(20, await _rest.WeightAfterAsync("/fapi/v1/aggTrades?symbol=BTCUSDT&limit=1"));
        _clock.Advance(TimeSpan.FromSeconds(49));
        Assert.Equal(21, await _rest.WeightAfterAsync("/fapi/v1/time"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await _rest.WeightAfterAsync("/fapi/v1/time"));
    }

    [Fact]
    public async Task Too_much_weight_is_refused_until_the_minute_ends_and_those_who_go_on_are_banned_ever_longer()
    {
        for (int i = 0; i < 120; i++)
        {
            using HttpResponseMessage allowed = await _rest.AskAsync("/fapi/v1/aggTrades?symbol=BTCUSDT&limit=1");
            Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        }

        using HttpResponseMessage refused = await _rest.AskAsync("/fapi/v1/time");
        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal(50, refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        Assert.Equal("2401", refused.Headers.GetValues("X-MBX-USED-WEIGHT-1M").Single());
        int first = await BanAsync();
        Assert.Equal(120, first);
        _clock.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal(418, (await _rest.FailAsync("/futures/data/basis?pair=BTCUSDT&period=5m")).Status);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await _rest.WeightAfterAsync("/fapi/v1/time"));
        for (int i = 0; i < 120; i++)
        {
            (await _rest.AskAsync("/fapi/v1/aggTrades?symbol=BTCUSDT&limit=1")).Dispose();
        }

        Assert.Equal(240, await BanAsync());
    }

    [Theory]
    [InlineData("/fapi/v1/fundingInfo", "/fapi/v1/fundingRate?symbol=BTCUSDT&limit=1", 500)]
    [InlineData("/futures/data/basis?pair=BTCUSDT&period=5m&limit=1",
        "/futures/data/openInterestHist?symbol=BTCUSDT&period=5m&limit=1", 1000)]
    public async Task Pools_of_five_minutes_are_shared_and_slide(string one, string other, int limit)
    {
        for (int i = 0; i < limit; i++)
        {
            using HttpResponseMessage answer = await _rest.AskAsync(i % 2 == 0 ? one : other);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.False(answer.Headers.Contains("X-MBX-USED-WEIGHT-1M"));
        }

        Assert.Equal((429, -1003), await _rest.FailAsync(one));
        Assert.Equal(1, await _rest.WeightAfterAsync("/fapi/v1/time"));
        _clock.Advance(TimeSpan.FromMinutes(5));
        using HttpResponseMessage later = await _rest.AskAsync(one);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task Exchange_info_lists_limits_filters_a_settling_symbol_and_one_that_is_not_ascii()
    {
        JsonElement exchange = await _rest.GetAsync("/fapi/v1/exchangeInfo");
        Assert.Equal(2400, exchange.GetProperty("rateLimits")[0].GetProperty("limit").GetInt32());
        Dictionary<string, JsonElement> symbols = exchange.GetProperty("symbols").EnumerateArray()
            .ToDictionary(static s => s.GetProperty("symbol").GetString()!);
        Assert.Equal("SETTLING", symbols["SRMUSDT"].GetProperty("status").GetString());
        Assert.Equal("TRADING", symbols["币安人生USDT"].GetProperty("status").GetString());
        Assert.Equal("0.10", symbols["BTCUSDT"].GetProperty("filters")[0].GetProperty("tickSize").GetString());
        Assert.Equal("0.001", symbols["BTCUSDT"].GetProperty("filters")[1].GetProperty("stepSize").GetString());
        Assert.Equal(15, symbols.Count);
        JsonElement bars = await _rest.GetAsync(
            $"/fapi/v1/klines?symbol={Uri.EscapeDataString("币安人生USDT")}&interval=1m&limit=2");
        Assert.Equal(2, bars.GetArrayLength());
        Assert.Equal(0, (await _rest.GetAsync("/fapi/v1/klines?symbol=SRMUSDT&interval=1m")).GetArrayLength());
    }

    [Fact]
    public async Task Thirty_days_of_every_statistic_are_there_and_agree_however_they_are_paged()
    {
        long now = _venue.Now.ToUnixTimeMilliseconds();
        foreach (string name in (string[])["openInterestHist", "topLongShortAccountRatio", "topLongShortPositionRatio",
            "globalLongShortAccountRatio", "takerlongshortRatio"])
        {
            long start = (now - (30 * 86_400_000L) + 300_000) / 300_000 * 300_000;
            JsonElement whole = await _rest.GetAsync(
                $"/futures/data/{name}?symbol=YFIUSDT&period=5m&startTime={start}&limit=500");
            Assert.Equal(500, whole.GetArrayLength());
            Assert.Equal(start, whole[0].GetProperty("timestamp").GetInt64());
            long middle = start + (100 * 300_000);
            JsonElement part = await _rest.GetAsync(
                $"/futures/data/{name}?symbol=YFIUSDT&period=5m&limit=10" +
                $"&startTime={middle}&endTime={middle + (9 * 300_000)}");
            Assert.Equal(10, part.GetArrayLength());
            for (int i = 0; i < 10; i++)
            {
                Assert.Equal(whole[100 + i].GetRawText(), part[i].GetRawText());
            }

            JsonElement newest = await _rest.GetAsync($"/futures/data/{name}?symbol=YFIUSDT&period=5m");
            Assert.Equal(30, newest.GetArrayLength());
            Assert.InRange(now - newest[29].GetProperty("timestamp").GetInt64(), 5000, 605_000);
        }
    }

    [Fact]
    public async Task Funding_of_all_symbols_comes_in_order_of_time_and_of_one_in_its_interval()
    {
        long now = _venue.Now.ToUnixTimeMilliseconds();
        JsonElement all = await _rest.GetAsync($"/fapi/v1/fundingRate?startTime={now - 86_400_000}&limit=1000");
        long[] times = [.. all.EnumerateArray().Select(static r => r.GetProperty("fundingTime").GetInt64())];
        Assert.Equal(times.Order(), times);
        Dictionary<string, int> counts = all.EnumerateArray().CountBy(
            static r => r.GetProperty("symbol").GetString()!).ToDictionary();
        Assert.Equal(3, counts["BTCUSDT"]);
        Assert.Equal(6, counts["PUMPUSDT"]);
        Assert.Equal(24, counts["币安人生USDT"]);
        Assert.Contains(times, static time => time % 3_600_000 != 0);
        JsonElement old = await _rest.GetAsync("/fapi/v1/fundingRate?symbol=BTCUSDT&startTime=1625097600000&limit=3");
        Assert.Equal("", old[0].GetProperty("markPrice").GetString());
        Assert.Equal(200, (await _rest.GetAsync("/fapi/v1/fundingRate")).GetArrayLength());
        JsonElement rules = await _rest.GetAsync("/fapi/v1/fundingInfo");
        Assert.Contains(rules.EnumerateArray(), static r => r.GetProperty("symbol").GetString() == "BTCUSD_PERP");
        Assert.Contains(
            rules.EnumerateArray(), static r => r.GetProperty("updateTime").ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public async Task Premium_index_knows_all_listed_symbols_and_a_settled_one_has_no_next_settlement()
    {
        JsonElement all = await _rest.GetAsync("/fapi/v1/premiumIndex");
        Assert.Equal(15, all.GetArrayLength());
        JsonElement settled = all.EnumerateArray().Single(static r => r.GetProperty("symbol").GetString() == "SRMUSDT");
        Assert.Equal(0, settled.GetProperty("nextFundingTime").GetInt64());
        JsonElement one = await _rest.GetAsync("/fapi/v1/premiumIndex?symbol=btcusdt");
        Assert.Equal("BTCUSDT", one.GetProperty("symbol").GetString());
    }

    [Fact]
    public async Task Bars_of_six_months_ago_are_there_and_the_same_at_every_asking()
    {
        long start = _venue.Now.AddDays(-180).ToUnixTimeMilliseconds() / 60_000 * 60_000;
        string path = $"/fapi/v1/klines?symbol=LUMIAUSDT&interval=1m&startTime={start}&limit=1500";
        JsonElement first = await _rest.GetAsync(path);
        Assert.Equal(1500, first.GetArrayLength());
        for (int i = 0; i < 1500; i++)
        {
            Assert.Equal(start + (i * 60_000L), first[i][0].GetInt64());
            decimal[] ohlc =
                [.. Enumerable.Range(1, 4).Select(
                    c => decimal.Parse(first[i][c].GetString()!, CultureInfo.InvariantCulture))];
            Assert.True(ohlc[1] >= ohlc.Max() && ohlc[2] <= ohlc.Min() && ohlc[2] > 0);
        }

        Assert.Equal(first.GetRawText(), (await _rest.GetAsync(path)).GetRawText());
    }

    // Goes on asking while refused; returns the length of the ban that follows, in seconds.
    private async Task<int> BanAsync()
    {
        for (int i = 0; i < 30; i++)
        {
            using HttpResponseMessage answer = await _rest.AskAsync("/fapi/v1/time");
            if ((int)answer.StatusCode != 418)
            {
                Assert.Equal(429, (int)answer.StatusCode);
                continue;
            }

            string message = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty(
                "msg").GetString()!;
            string until = new(
                [.. message[(message.IndexOf("until ", StringComparison.Ordinal) + 6)..].TakeWhile(char.IsAsciiDigit)]);
            int seconds = (int)answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
            long expected = _clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeMilliseconds();
            Assert.Equal(expected, long.Parse(until, CultureInfo.InvariantCulture));
            return seconds;
        }

        throw new InvalidOperationException("never banned");
    }
}
