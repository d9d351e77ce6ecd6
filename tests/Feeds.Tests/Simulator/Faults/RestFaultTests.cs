using System.IO.Compression;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Feeds.Simulator;
using Feeds.Simulator.Faults;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Simulator.Faults;

public sealed class RestFaultTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 3, 5, 8, 0, 10, TimeSpan.Zero));
    private VenueTwin _venue = null!;
    private RestClient _rest = null!;

    public async ValueTask InitializeAsync()
    {
        _venue = await VenueTwin.StartAsync(new VenueTwinOptions { KeepLedger = true, UnknownFieldEvery = 0 }, _clock);
        _rest = new RestClient(_venue);
    }

    public async ValueTask DisposeAsync()
    {
        _rest.Dispose();
        await _venue.DisposeAsync();
    }

    [Theory]
    [InlineData(FaultKind.RefuseConnections, HttpStatusCode.ServiceUnavailable)]
    [InlineData(FaultKind.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData(FaultKind.GeoBlock, HttpStatusCode.UnavailableForLegalReasons)]
    public async Task A_refused_handshake_shows_its_status(FaultKind kind, HttpStatusCode status)
    {
        _venue.Inject(new Fault { Kind = kind, Duration = TimeSpan.FromMinutes(1) });
        _clock.Advance(TimeSpan.FromSeconds(1));
        using StreamProbe probe = new();
        Assert.Equal(status, await probe.StatusAsync(_venue, "/market/stream"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await StreamClient.OpenAsync(_venue, "/market/stream")).Dispose();
    }

    [Theory]
    [InlineData(FaultKind.TooManyRequests, 429, "application/json")]
    [InlineData(FaultKind.Forbidden, 403, "text/html")]
    [InlineData(FaultKind.GeoBlock, 451, "application/json")]
    [InlineData(FaultKind.ServerError, 503, "application/json")]
    [InlineData(FaultKind.HtmlAnswer, 200, "text/html")]
    public async Task Refusals_hit_the_endpoint_that_they_name(FaultKind kind, int status, string type)
    {
        _venue.Inject(new Fault
        {
            Kind = kind,
            Endpoint = "/fapi/v1/klines",
            Delay = TimeSpan.FromSeconds(7),
            Duration = TimeSpan.FromSeconds(10),
        });
        _clock.Advance(TimeSpan.FromSeconds(1));
        using HttpResponseMessage hit = await _rest.AskAsync("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1");
        Assert.Equal(status, (int)hit.StatusCode);
        Assert.Equal(type, hit.Content.Headers.ContentType!.MediaType);
        if (status is 429 or 503)
        {
            Assert.Equal(7, hit.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        }

        using HttpResponseMessage spared = await _rest.AskAsync("/fapi/v1/time");
        Assert.Equal(HttpStatusCode.OK, spared.StatusCode);
        _clock.Advance(TimeSpan.FromSeconds(10));
        using HttpResponseMessage later = await _rest.AskAsync("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1");
        Assert.Equal("application/json", later.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_share_of_server_errors_is_a_share()
    {
        _venue.Inject(new Fault { Kind = FaultKind.ServerError, Share = 0.3, Duration = null });
        _clock.Advance(TimeSpan.FromSeconds(1));
        int failed = 0;
        for (int i = 0; i < 200; i++)
        {
            using HttpResponseMessage answer = await _rest.AskAsync("/fapi/v1/time");
            failed += (int)answer.StatusCode == 503 ? 1 : 0;
        }

        Assert.InRange(failed, 40, 80);
    }

    [Fact]
    public async Task A_ban_refuses_everything_until_its_end_and_names_it()
    {
        _venue.Inject(new Fault { Kind = FaultKind.Ban, Duration = TimeSpan.FromSeconds(90) });
        _clock.Advance(TimeSpan.FromSeconds(1));
        using HttpResponseMessage answer = await _rest.AskAsync("/fapi/v1/fundingInfo");
        Assert.Equal(418, (int)answer.StatusCode);
        Assert.Contains("IP banned until", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        _clock.Advance(answer.Headers.RetryAfter!.Delta!.Value);
        using HttpResponseMessage later = await _rest.AskAsync("/fapi/v1/fundingInfo");
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task A_truncated_answer_is_no_json_and_says_that_it_is()
    {
        using IDisposable fault = _venue.Inject(new Fault { Kind = FaultKind.TruncatedAnswer, Duration = null });
        _clock.Advance(TimeSpan.FromSeconds(1));
        using HttpResponseMessage answer = await _rest.AskAsync("/fapi/v1/premiumIndex");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        string body = await answer.Content.ReadAsStringAsync();
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(body));
        fault.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _rest.GetAsync("/fapi/v1/premiumIndex");
    }

    [Fact]
    public async Task A_bomb_is_small_on_the_wire_and_huge_unpacked()
    {
        _venue.Inject(new Fault { Kind = FaultKind.BombAnswer, Bytes = 50_000_000, Duration = null });
        _clock.Advance(TimeSpan.FromSeconds(1));
        using HttpResponseMessage answer = await _rest.AskAsync("/fapi/v1/time");
        Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
        byte[] packed = await answer.Content.ReadAsByteArrayAsync();
        Assert.InRange(packed.Length, 1_000, 500_000);
        using GZipStream unzip = new(new MemoryStream(packed), CompressionMode.Decompress);
        using MemoryStream unpacked = new();
        await unzip.CopyToAsync(unpacked);
        Assert.Equal(50_000_002, unpacked.Length);
    }

    [Fact]
    public async Task A_slow_answer_waits_for_the_clock()
    {
        _venue.Inject(new Fault
        {
            Kind = FaultKind.SlowAnswer,
            Delay = TimeSpan.FromSeconds(20),
            Endpoint = "/fapi/v1/time",
            Duration = null,
        });
        _clock.Advance(TimeSpan.FromSeconds(1));
        int timers = _clock.PendingTimers;
        Task<JsonElement> slow = _rest.GetAsync("/fapi/v1/time");
        while (_clock.PendingTimers == timers)
        {
            await Task.Yield();
        }

        Assert.False(slow.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(_venue.Now.ToUnixTimeMilliseconds(), (await slow).GetProperty("serverTime").GetInt64());
    }

    [Fact]
    public async Task A_skewed_clock_shows_in_the_server_time()
    {
        _venue.Inject(new Fault { Kind = FaultKind.ClockSkew, Delay = TimeSpan.FromSeconds(-2), Duration = null });
        _clock.Advance(TimeSpan.FromSeconds(1));
        long time = (await _rest.GetAsync("/fapi/v1/time")).GetProperty("serverTime").GetInt64();
        Assert.Equal(-2000, time - _clock.GetUtcNow().ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task A_stale_snapshot_is_older_than_the_stream()
    {
        using StreamClient client = await StreamClient.OpenAsync(_venue, "/public/stream?streams=btcusdt@depth@100ms");
        _clock.Advance(TimeSpan.FromSeconds(40));
        _venue.Inject(new Fault { Kind = FaultKind.StaleSnapshot, Delay = TimeSpan.FromSeconds(30), Duration = null });
        _clock.Advance(TimeSpan.FromSeconds(1));
        JsonElement snapshot = await _rest.GetAsync("/fapi/v1/depth?symbol=BTCUSDT&limit=5");
        long id = snapshot.GetProperty("lastUpdateId").GetInt64();
        List<JsonElement> deltas = await client.AllAsync();
        JsonElement data = deltas.Last(m => m.GetProperty("data").GetProperty("u").GetInt64() <= id).GetProperty(
            "data");
        long newest = deltas[^1].GetProperty("data").GetProperty("T").GetInt64();
        Assert.InRange(newest - data.GetProperty("T").GetInt64(), 29_500, 30_500);
    }

    private sealed class StreamProbe : IDisposable
    {
        private readonly ClientWebSocket _socket = new();

        public async Task<HttpStatusCode> StatusAsync(VenueTwin venue, string path)
        {
            _socket.Options.CollectHttpResponseDetails = true;
            await Assert.ThrowsAsync<WebSocketException>(
                () => _socket.ConnectAsync(new Uri(venue.StreamUrl + path), default));
            return _socket.HttpStatusCode;
        }

        public void Dispose() => _socket.Dispose();
    }
}
