using System.IO.Compression;
using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Core.Market;
using Feeds.Tests.Actors;
using Feeds.Tests.Time;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Feeds.Tests.Binance.Rest;

public sealed class RestTransportTests
{
    private const string OpenInterest = """{"symbol":"SOLUSDT","openInterest":"9876543.21","time":1790000005000}""";

    private static readonly Symbol Solana = Symbol.Parse("SOLUSDT");

    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 11, 21, 12, 0, 30, TimeSpan.Zero));

    public static TheoryData<string, string> Broken => new()
    {
        { "<html><body>Just a moment</body></html>", "text/html" },
        { "<html><body>Just a moment</body></html>", "application/json" },
        { OpenInterest, "text/html" },
        { OpenInterest[..30], "application/json" },
        { "", "application/json" },
        { "[]", "application/json" },
        { "{}", "application/json" },
        { "null", "application/json" },
        { "{\"openInterest\":\"NaN\",\"time\":5}", "application/json" },
        { "{\"openInterest\":\"1\",\"openInterest\":\"2\",\"time\":5}", "application/json" },
        { OpenInterest + OpenInterest, "application/json" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Answer_that_is_none_is_refused_whole_and_not_asked_for_again(string body, string type)
    {
        await using RestFixture fixture = await RestFixture.StartAsync(
            context => FakeExchange.WriteAsync(context, body, 200, type), _time);
        BinanceAnswerException refused = await Assert.ThrowsAsync<BinanceAnswerException>(() => Ask(fixture).Ends());
        Assert.Equal(("/fapi/v1/openInterest", "bad_answer"), (refused.Endpoint, refused.Reason));
        Assert.Single(fixture.Exchange.Requests);
        Assert.Equal([("/fapi/v1/openInterest", "bad_answer", 1L)], fixture.Client.Counters.Requests());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_beyond_the_limit_is_refused_also_when_it_was_packed_small(bool isPacked)
    {
        await using RestFixture fixture = await RestFixture.StartAsync(
            async context =>
            {
                context.Response.ContentType = "application/json";
                byte[] blanks = new byte[5_000_000];
                Array.Fill(blanks, (byte)' ');
                Stream body = context.Response.Body;
                if (isPacked)
                {
                    context.Response.Headers.ContentEncoding = "gzip";
                    MemoryStream packed = new();
                    await using (GZipStream gzip = new(packed, CompressionLevel.Optimal))
                    {
                        await gzip.WriteAsync(blanks);
                    }

                    await body.WriteAsync(packed.ToArray());
                    return;
                }

                await body.WriteAsync(blanks);
            },
            _time,
            new RestOptions { Address = new Uri("http://127.0.0.1"), MaxAnswerBytes = 1_000_000 });
        BinanceAnswerException refused = await Assert.ThrowsAsync<BinanceAnswerException>(() => Ask(fixture).Ends());
        Assert.Contains("more than 1000000 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Answer_whose_packing_is_damaged_anywhere_is_refused_whole(string packing)
    {
        byte[] packed = Pack(packing, OpenInterest);
        int at = 0;
        await using RestFixture fixture = await RestFixture.StartAsync(
            async context =>
            {
                context.Response.ContentType = "application/json";
                context.Response.Headers.ContentEncoding = packing;
                byte[] damaged = [.. packed];
                damaged[at] ^= 0xff;
                await context.Response.Body.WriteAsync(damaged);
            },
            _time);
        int refused = 0;
        for (; at < packed.Length; at++)
        {
            try
            {
                // Some bytes of a header may say anything.
                await Ask(fixture).Ends();
            }
            catch (BinanceAnswerException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, packed.Length - 10, packed.Length);
        Assert.Equal((packed.Length, 0), (fixture.Exchange.Requests.Count, fixture.Planner.UnderWay));
    }

    [Fact]
    public async Task Server_failures_are_tried_again_after_pauses_and_then_given_up()
    {
        int answers = 0;
        await using RestFixture fixture = await RestFixture.StartAsync(
            context => FakeExchange.WriteAsync(
                context, "{}", Interlocked.Increment(ref answers) switch { 1 => 503, 2 => 408, _ => 500 }), _time);
        Task asking = Ask(fixture);
        await Eventually.True(
            () => fixture.Exchange.Requests.Count == 1 && _time.PendingTimers == 1, "the first pause");
        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Single(fixture.Exchange.Requests);
        await AdvanceUntil(fixture, () => fixture.Exchange.Requests.Count == 2);
        await AdvanceUntil(fixture, () => asking.IsCompleted);
        BinanceApiException failed = await Assert.ThrowsAsync<BinanceApiException>(() => asking.Ends());
        Assert.Equal((500, "http_500", 3), (failed.HttpStatus, failed.Reason, fixture.Exchange.Requests.Count));
    }

    [Fact]
    public async Task Answer_after_failures_is_taken()
    {
        int answers = 0;
        await using RestFixture fixture = await RestFixture.StartAsync(
            context => ++answers < 3
                ? FakeExchange.WriteAsync(context, "busy", 502, "text/html")
                : FakeExchange.WriteAsync(context, OpenInterest), _time);
        Task<(Stamped<OpenInterestRecord> Record, long ReceiveTime)> asking = Ask(fixture);
        await AdvanceUntil(fixture, () => asking.IsCompleted);
        (Stamped<OpenInterestRecord> record, long receiveTime) = await asking;
        Assert.Equal((1_790_000_005_000, 9_876_543.21m), (record.Time, record.Value.OpenInterest));
        Assert.InRange(receiveTime, 1, _time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Answer_that_takes_too_long_is_given_up()
    {
        TaskCompletionSource done = new();
        await using RestFixture fixture = await RestFixture.StartAsync(
            async context =>
            {
                // Headers and a first byte, and then nothing: the deadline is of the whole.
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync("{");
                await context.Response.Body.FlushAsync();
                await done.Task;
            },
            _time,
            new RestOptions { Address = new Uri("http://127.0.0.1"), MaxTries = 1 });
        Task asking = Ask(fixture);
        await Eventually.True(() => !fixture.Exchange.Requests.IsEmpty, "the request");
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(asking.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        BinanceUnreachableException failed = await Assert.ThrowsAsync<BinanceUnreachableException>(() => asking.Ends());
        done.SetResult();
        Assert.Equal((true, "timeout"), (failed.TimedOut, failed.Reason));
    }

    [Fact]
    public async Task Host_that_is_gone_is_tried_again_and_named()
    {
        await using RestFixture fixture = await RestFixture.StartAsync(FakeExchange.Json(OpenInterest), _time);
        await fixture.Exchange.DisposeAsync();
        Task asking = Ask(fixture);
        await AdvanceUntil(fixture, () => asking.IsCompleted);
        Assert.Equal("network", (await Assert.ThrowsAsync<BinanceUnreachableException>(() => asking.Ends())).Reason);
        Assert.Equal(3, fixture.Client.Counters.Sent);
    }

    [Fact]
    public async Task Error_of_the_exchange_is_not_tried_again_and_keeps_its_code()
    {
        await using RestFixture fixture = await RestFixture.StartAsync(
            FakeExchange.Json("""{"code":-1121,"msg":"Invalid symbol."}""", 400), _time);
        BinanceApiException failed = await Assert.ThrowsAsync<BinanceApiException>(() => Ask(fixture).Ends());
        Assert.Equal(
            (BinanceApiException.InvalidSymbol, 400, "Invalid symbol.", "/fapi/v1/openInterest", 1),
            (failed.Code, failed.HttpStatus, failed.Text, failed.Endpoint, fixture.Exchange.Requests.Count));
    }

    [Fact]
    public async Task Redirect_is_not_followed()
    {
        await using RestFixture fixture = await RestFixture.StartAsync(
            context =>
            {
                context.Response.StatusCode = 302;
                context.Response.Headers.Location = "/elsewhere";
                return Task.CompletedTask;
            },
            _time);
        Assert.Equal(302, (await Assert.ThrowsAsync<BinanceApiException>(() => Ask(fixture).Ends())).HttpStatus);
        Assert.Single(fixture.Exchange.Requests);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(418)]
    public async Task No_request_is_sent_during_a_hold(int status)
    {
        int answers = 0;
        await using RestFixture fixture = await RestFixture.StartAsync(
            context =>
            {
                if (Interlocked.Increment(ref answers) > 1)
                {
                    return FakeExchange.WriteAsync(context, OpenInterest);
                }

                context.Response.Headers.RetryAfter = "60";
                return FakeExchange.WriteAsync(context, """{"code":-1003,"msg":"Too many requests"}""", status);
            },
            _time);
        BinanceApiException first = await Assert.ThrowsAsync<BinanceApiException>(() => Ask(fixture).Ends());
        Assert.Equal($"http_{status}", first.Reason);
        Assert.Equal(_time.GetUtcNow().ToUnixTimeMilliseconds() + 60_000, fixture.Planner.HoldEndTime);
        Task[] asking = [.. Enumerable.Range(0, 20).Select(_ => Ask(fixture))];
        for (int second = 0; second < 59; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((20, 1), (fixture.Planner.Waiting, fixture.Exchange.Requests.Count));
        _time.Advance(TimeSpan.FromSeconds(1.1));
        await Task.WhenAll(asking).Ends();
        Assert.Equal(21, fixture.Exchange.Requests.Count);
    }

    [Fact]
    public async Task Request_that_can_wait_goes_again_after_the_hold()
    {
        int answers = 0;
        await using RestFixture fixture = await RestFixture.StartAsync(
            context =>
            {
                context.Response.Headers.RetryAfter = "5";
                return Interlocked.Increment(ref answers) > 1
                    ? FakeExchange.WriteAsync(context, OpenInterest)
                    : FakeExchange.WriteAsync(context, "{}", 429);
            },
            _time);
        Task asking = fixture.Client.GetOpenInterestAsync(Solana, RequestPriority.Backfill, CancellationToken.None);
        await Eventually.True(() => fixture.Planner.Waiting == 1, "the second try");
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Single(fixture.Exchange.Requests);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        await asking.Ends();
    }

    [Theory]
    [InlineData("0", 5_000)]
    [InlineData("Sat, 21 Nov 2026 12:00:10 GMT", 40_000)]
    [InlineData("Sat, 21 Nov 2026 11:59:00 GMT", 5_000)]
    public async Task End_of_a_hold_is_by_the_exchanges_clock_and_never_at_once(string told, long lasts)
    {
        await using RestFixture fixture = await RestFixture.StartAsync(
            context =>
            {
                context.Response.Headers.RetryAfter = told;
                return FakeExchange.WriteAsync(context, "{}", 429);
            },
            _time);

        // Our clock shows 12:00:30, a minute more than the exchange's.
        fixture.Planner.ClockOffsetMs = -60_000;
        await Assert.ThrowsAsync<BinanceApiException>(() => Ask(fixture).Ends());
        Assert.Equal(_time.GetUtcNow().ToUnixTimeMilliseconds() + lasts, fixture.Planner.HoldEndTime);
    }

    [Fact]
    public async Task End_of_a_ban_is_read_from_the_text_too()
    {
        long end = _time.GetUtcNow().ToUnixTimeMilliseconds() + 3_600_000;
        await using RestFixture fixture = await RestFixture.StartAsync(
            FakeExchange.Json(
                $$"""{"code":-1003,"msg":"Way too many requests; IP(1.2.3.4) banned until {{end}}. Please use the websocket."}""", 418), _time);
        await Assert.ThrowsAsync<BinanceApiException>(() => Ask(fixture).Ends());
        Assert.Equal((end, HoldReason.Banned), (fixture.Planner.HoldEndTime, fixture.Planner.HoldReason));
    }

    [Fact]
    public async Task Block_is_told_and_tried_again_after_ten_minutes()
    {
        int answers = 0;
        await using RestFixture fixture = await RestFixture.StartAsync(
            context => Interlocked.Increment(ref answers) > 1
                ? FakeExchange.WriteAsync(context, OpenInterest)
                : FakeExchange.WriteAsync(context, "<html>", 451, "text/html"),
            _time);
        Assert.Equal(451, (await Assert.ThrowsAsync<BinanceApiException>(() => Ask(fixture).Ends())).HttpStatus);
        Assert.Equal(HoldReason.Blocked, fixture.Planner.HoldReason);
        Task asking = Ask(fixture);
        _time.Advance(TimeSpan.FromMinutes(9.9));
        Assert.Single(fixture.Exchange.Requests);
        _time.Advance(TimeSpan.FromMinutes(0.2));
        await asking.Ends();
        Assert.Equal(HoldReason.None, fixture.Planner.HoldReason);
    }

    [Fact]
    public async Task Used_weight_of_the_exchange_is_taken_over()
    {
        await using RestFixture fixture = await RestFixture.StartAsync(
            context =>
            {
                context.Response.Headers["X-MBX-USED-WEIGHT-1M"] = "1234";
                return FakeExchange.WriteAsync(context, OpenInterest);
            },
            _time);
        await Ask(fixture).Ends();
        Assert.Equal(1_234, fixture.Planner.Used(RequestPool.Weight));
    }

    [Fact]
    public async Task Cancelled_request_is_not_under_way_any_more()
    {
        TaskCompletionSource done = new();
        await using RestFixture fixture = await RestFixture.StartAsync(_ => done.Task, _time);
        using CancellationTokenSource cancellation = new();
        Task asking = fixture.Client.GetOpenInterestAsync(Solana, RequestPriority.Tick, cancellation.Token);
        await Eventually.True(() => !fixture.Exchange.Requests.IsEmpty, "the request");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.Ends());
        done.SetResult();
        Assert.Equal((0, 0), (fixture.Planner.UnderWay, fixture.Planner.Waiting));
    }

    [Fact]
    public void Plain_address_of_another_machine_is_refused() =>
        Assert.Throws<ExchangeAddressException>(() => new BinanceRestClient(
            new RestOptions { Address = new Uri("http://example.com") }, new WeightPlanner(new(), _time), _time,
            new Random(1)));

    private static Task<(Stamped<OpenInterestRecord> Record, long ReceiveTime)> Ask(RestFixture fixture) =>
        fixture.Client.GetOpenInterestAsync(Solana, RequestPriority.Tick, CancellationToken.None);

    private static byte[] Pack(string packing, string text)
    {
        MemoryStream packed = new();
        using (Stream stream = packing switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Optimal),
            "deflate" => new ZLibStream(packed, CompressionLevel.Optimal),
            _ => new BrotliStream(packed, CompressionLevel.Optimal),
        })
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    // Time passes in the pauses only: no deadline of a request under way must ring on a slow machine.
    private Task AdvanceUntil(RestFixture fixture, Func<bool> condition) => Eventually.True(
        () =>
        {
            if (fixture.Planner.UnderWay == 0)
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
            }

            return condition();
        },
        "time passes");
}
