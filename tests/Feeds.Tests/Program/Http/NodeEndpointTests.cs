using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Feeds.Configuration;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Engine.Health;
using Feeds.Engine.Symbols;
using Feeds.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Feeds.Tests.Program.Http;

public sealed class NodeEndpointTests : IAsyncLifetime
{
    private readonly FakeNode _node = new();
    private NodeEndpoint _endpoint = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _endpoint = await NodeEndpoint.StartAsync(
            new HttpOptions { Bind = "127.0.0.1:0" }, _node, TimeProvider.System, NullLoggerFactory.Instance,
            CancellationToken.None);
        _client = new HttpClient { BaseAddress = _endpoint.Address };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _endpoint.DisposeAsync();
    }

    [Fact]
    public async Task Status_as_text_begins_with_the_verdict()
    {
        string text = await _client.GetStringAsync("/status");

        Assert.StartsWith("data_feeds: OK\n2 symbols (2 OK) · 22 rows", text, StringComparison.Ordinal);
        Assert.Contains("币安人生USDT", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_of_a_degraded_node_says_why()
    {
        _node.Now = _node.Now with { Reasons = ["BTCUSDT: depth stale \u001b[31m"] };

        string text = await _client.GetStringAsync("/status");

        Assert.StartsWith("data_feeds: DEGRADED\n", text, StringComparison.Ordinal);
        Assert.Contains(@"! BTCUSDT: depth stale \x1b[31m", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_as_json_reads_back()
    {
        StatusDocument status = await GetJsonAsync<StatusDocument>("/status");

        Assert.Equal("OK", status.DataFeeds);
        Assert.Equal(22, status.Counters.Rows);
        SymbolDocument symbol = status.Symbols[0];
        Assert.Equal(
            ("BTCUSDT", "OK", 80_000.0, null), (symbol.Symbol, symbol.Health, symbol.Row!.Oi, symbol.Row.LatencyMs));
        Assert.Equal(new FeedDocument("STALE", true, 6000, 3), symbol.Feeds["depth"]);
        Assert.Equal(6, status.Counters.Errors);
    }

    [Fact]
    public async Task Liveness_readiness_and_health_tell_by_code()
    {
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("/healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("/readyz")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("/health")).StatusCode);

        _node.Now = _node.Now with { Stores = [new StoreStatus("postgres", false, "no answer within 5 s")] };
        await Until(async () => (await _client.GetAsync("/health")).StatusCode == HttpStatusCode.ServiceUnavailable);
        Assert.Contains(
            "FAIL  postgres     no answer within 5 s",
            await (await _client.GetAsync("/health")).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        _node.Now = _node.Now with { LastTickTime = 0, Reasons = ["rows: none"], Stores = [] };
        await Until(async () => (await _client.GetAsync("/readyz")).StatusCode == HttpStatusCode.ServiceUnavailable);

        HttpResponseMessage health = await _client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.StartsWith("DEGRADED\n", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("/healthz")).StatusCode);
    }

    [Fact]
    public async Task A_member_that_owns_nothing_is_healthy_and_ready_once_it_might_own_something()
    {
        _node.Now = FakeNode.StatusOf(
            []) with
        {
            LastTickTime = 0,
            RowsWritten = 0,
            Streams = [],
            Cluster = FakeNode.ClusterOf("b@2") with { View = null }
        };
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _client.GetAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _client.GetAsync("/readyz")).StatusCode);

        _node.Now = _node.Now with { Cluster = FakeNode.ClusterOf("b@2") };
        await Until(async () => (await _client.GetAsync("/readyz")).StatusCode == HttpStatusCode.OK);
        string health = await _client.GetStringAsync("/health");
        Assert.StartsWith("HEALTHY\n", health, StringComparison.Ordinal);
        Assert.Contains("none: it owns no symbol", health, StringComparison.Ordinal);

        _node.Now = FakeNode.StatusOf(
            [Symbol.Parse("BTCUSDT")]) with
        { LastTickTime = 0, Cluster = FakeNode.ClusterOf("b@2") };
        await Until(async () => (await _client.GetAsync("/readyz")).StatusCode == HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Inspect_writes_what_is_no_number_as_null()
    {
        string json = await _client.GetStringAsync("/actors/inspect?path=symbols");

        Assert.Contains(
            "\"inspection\":{\"last_price\":null,\"symbol\":\"BTCUSDT\",\"windows\":[1.5,null]}", json,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Coverage_is_that_of_the_symbols_asked_for()
    {
        const long Start = 1_748_908_800_000;
        SymbolState state = new(Symbol.Parse("BTCUSDT"));
        state.Apply(MarketEvent.ForSettings(SymbolSettings.Default with { Features = true }, Start));
        state.Apply(MarketEvent.ForFeedConnected(Feed.Liquidations, Start));
        state.Apply(MarketEvent.ForFeedDisconnected(Feed.Liquidations, "closed", Start + 90_000));
        state.Apply(MarketEvent.ForTick(Start + 120_000, Start + 120_000));
        SymbolInspection inspection = SymbolInspection.Of(
            state, new SymbolEntry(state.Symbol, new SymbolGauges()), Start + 120_000);
        _node.Inspections = path => path == "symbols/BTCUSDT" ? inspection : null;

        CoverageDocument symbol = Assert.Single(
            await GetJsonAsync<CoverageDocument[]>("/coverage?symbols=BTCUSDT&minutes=2"));

        FeedCoverageDocument feed = symbol.Feeds.Single(static each => each.Feed == "liq");
        Assert.Equal(30_000, feed.Windows.Single(static window => window.Window == "1m").CoveredMs);
        Assert.Equal("closed", Assert.Single(feed.Holes).Reason);
        Assert.Equal([60_000, 30_000], feed.Minutes!.Select(static minute => minute.CoveredMs));
        Assert.Single(await GetJsonAsync<CoverageDocument[]>("/coverage"));
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("/coverage?symbols=ETHUSDT")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.GetAsync("/coverage?minutes=99999999")).StatusCode);
    }

    [Fact]
    public async Task The_tree_shows_what_failed()
    {
        ActorDocument root = await GetJsonAsync<ActorDocument>("/actors");

        ActorDocument symbol = root.Children[0].Children[0];
        Assert.Equal(
            ("symbols/币安人生USDT", "PARKED", 5, "BoomException"),
            (symbol.Path, symbol.State, symbol.Restarts, symbol.LastFailure!.Type));
    }

    [Fact]
    public async Task Commands_reach_the_node()
    {
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/actors/restart", new { path = "symbols" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/actors/stop", new { path = "symbols" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/symbols/add", new { symbol = "ADAUSDT" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/symbols/remove", new { symbol = "BTCUSDT" })).StatusCode);

        Assert.Equal(["restart symbols", "stop symbols", "add ADAUSDT", "remove BTCUSDT"], _node.Done);
    }

    [Theory]
    [InlineData("/actors/restart", "{\"path\":\"nobody\"}", 404, "there is no actor nobody")]
    [InlineData("/actors/restart", "{}", 404, "there is no actor without a path")]
    [InlineData("/actors/stop", "[]", 400, "the body is not the JSON that is wanted here")]
    [InlineData("/symbols/add", "not json", 400, "the body is not the JSON that is wanted here")]
    [InlineData("/symbols/add", "null", 400, "empty")]
    [InlineData("/symbols/add", "{\"symbol\":\"../../etc\"}", 422,
        "symbol '../../etc': character U+002E at 0 is not allowed")]
    [InlineData("/symbols/add", "{\"symbol\":\"GONEUSDT\"}", 422, "GONEUSDT is not listed by the exchange")]
    [InlineData("/symbols/add", "{\"symbol\":\"BTCUSDT\"}", 409, "BTCUSDT is watched already")]
    [InlineData("/symbols/remove", "{\"symbol\":\"ADAUSDT\"}", 404, "ADAUSDT is not watched")]
    public async Task A_command_that_cannot_be_done_says_why(string page, string body, int code, string reason)
    {
        using StringContent content = new(body, new MediaTypeHeaderValue("application/json"));
        HttpResponseMessage answer = await _client.PostAsync(page, content);

        Assert.Equal(code, (int)answer.StatusCode);
        ErrorDocument error = JsonSerializer.Deserialize<ErrorDocument>(
            await answer.Content.ReadAsStringAsync(), StatusDocuments.Json)!;
        Assert.StartsWith(reason, error.Error, StringComparison.Ordinal);
        Assert.Empty(_node.Done);
    }

    [Fact]
    public async Task A_failure_inside_does_not_show_its_inside()
    {
        _node.FailInside = "canary in C:\\secret\\path";
        await Until(async () => (await _client.GetAsync("/status")).StatusCode == HttpStatusCode.InternalServerError);

        string text = await (await _client.GetAsync("/status")).Content.ReadAsStringAsync();
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        using StringContent content = new(
            new string('x', EndpointLimits.MaxBodyBytes + 1), new MediaTypeHeaderValue("application/json"));

        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge, (await _client.PostAsync("/symbols/add", content)).StatusCode);
    }

    [Fact]
    public async Task A_flood_of_commands_is_slowed_down()
    {
        HttpResponseMessage answer = await PostAsync("/symbols/add", new { symbol = "A" });
        for (int i = 0; i < 1000 && answer.StatusCode == HttpStatusCode.OK; i++)
            answer = await PostAsync("/symbols/add", new { symbol = "A" });

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("/healthz")).StatusCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_in_one_line()
    {
        string bind = $"127.0.0.1:{_endpoint.Address.Port}";
        string line = $"http.bind = {bind}: the port is taken; name another one, or 0 for any free one";

        Assert.Equal(line, Assert.Throws<ConfigurationException>(() => NodeEndpoint.Probe(bind)).Message);
        ConfigurationException e = await Assert.ThrowsAsync<ConfigurationException>(() => NodeEndpoint.StartAsync(
            new HttpOptions { Bind = bind }, _node, TimeProvider.System, NullLoggerFactory.Instance,
            CancellationToken.None));
        Assert.Equal(line, e.Message);
    }

    [Fact]
    public async Task A_caller_that_sends_its_headers_slowly_is_cut_off()
    {
        using TcpClient slow = new();
        await slow.ConnectAsync(IPAddress.Loopback, _endpoint.Address.Port);
        NetworkStream stream = slow.GetStream();
        await stream.WriteAsync("GET /status HTTP/1.1\r\nHost: local"u8.ToArray());

        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        byte[] answer = new byte[1024];
        int count = await stream.ReadAsync(answer, patience.Token);
        Assert.Contains("408", System.Text.Encoding.ASCII.GetString(answer, 0, count), StringComparison.Ordinal);
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (!await condition()) patience.Token.ThrowIfCancellationRequested();
    }

    private async Task<T> GetJsonAsync<T>(string page)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, page);
        request.Headers.Accept.ParseAdd("application/json");
        HttpResponseMessage answer = await _client.SendAsync(request);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        return JsonSerializer.Deserialize<T>(await answer.Content.ReadAsStringAsync(), StatusDocuments.Json)!;
    }

    private Task<HttpResponseMessage> PostAsync<T>(string page, T body) =>
        _client.PostAsync(page, JsonContent.Create(body));
}
