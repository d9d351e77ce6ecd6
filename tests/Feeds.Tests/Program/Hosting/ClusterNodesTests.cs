using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Feeds.Configuration;
using Feeds.Core.Market;
using Feeds.Engine.Sharding;
using Feeds.Hosting;
using Feeds.Simulator;
using Feeds.Tests.Storage;
using Feeds.Tests.Storage.Postgres;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Feeds.Tests.Program.Hosting;

/// <summary>
/// Two whole nodes with their endpoints over a real PostgreSQL: any of them answers for the symbols of both.
/// </summary>
[Collection("postgres")]
public sealed class ClusterNodesTests : IDisposable
{
    private const string Token = "canary-token-canary-token";
    private static readonly string[] Symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT", "DOGEUSDT", "BNBUSDT"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(1) };

    public ClusterNodesTests() =>
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Any_node_answers_for_all_symbols_and_says_when_the_database_is_away()
    {
        PostgresFixture.Require();
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { Symbols = Symbols }, TimeProvider.System);
        await using RunningNode a = await StartAsync("a", venue, server);
        await using RunningNode b = await StartAsync("b", venue, server);
        string symbol = "";
        await UntilAsync(
            "b gets its share", async () => (symbol = (string?)(await GetAsync(b, "/status"))["symbols"]?.AsArray()
            .Select(static each => each!["symbol"]).LastOrDefault() ?? "").Length > 0);
        string path = $"symbols/{symbol}";
        await UntilAsync("a tells of a symbol of b", async () =>
            (string?)(await GetAsync(a, $"/actors/inspect?path={path}"))["state"] == "RUNNING");
        Assert.Null(Actor(await GetAsync(a, "/actors"), path));

        await UntilAsync(
            "b stops it", async () => (string?)(await PostAsync(a, "/actors/stop", path))["done"] == $"{path} stops");
        await UntilAsync(
            "it is stopped", async () => (string?)Actor(await GetAsync(b, "/actors"), path)?["state"] == "STOPPED");
        await UntilAsync(
            "b restarts it",
            async () => (string?)(await PostAsync(a, "/actors/restart", path))["done"] == $"{path} restarts");
        await UntilAsync(
            "it runs", async () => (string?)Actor(await GetAsync(b, "/actors"), path)?["state"] == "RUNNING");
        await UntilAsync("a tells what b observed", async () =>
            (await GetAsync(a, $"/coverage?symbols={symbol}")) is JsonArray { Count: 1 } coverage
                && (string?)coverage[0]!["symbol"] == symbol);
        Assert.Contains(
            "there is no actor symbols/NOBODY",
            (string?)(await GetAsync(a, "/actors/inspect?path=symbols/NOBODY"))["error"], StringComparison.Ordinal);

        await UntilAsync(
            "both stores are well", async () => (await ChecksAsync(a)) is { } well && well["postgres"]
                && well["lease"]);
        await server.StopAsync();
        await UntilAsync(
            "both are not", async () => (await ChecksAsync(a)) is { } ill && !ill["postgres"] && !ill["lease"]);
        Assert.DoesNotContain("canary", (await GetAsync(a, "/health")).ToJsonString(), StringComparison.Ordinal);
        await server.StartAgainAsync();
        await UntilAsync(
            "both are well again", async () => (await ChecksAsync(a)) is { } well && well["postgres"] && well["lease"]);
    }

    [Fact]
    public async Task A_member_that_owns_nothing_is_healthy()
    {
        PostgresFixture.Require();
        string[] own = [.. Symbols.Where(static each => Rendezvous.OwnerOf(Symbol.Parse(each), ["a", "b"]) == "a").Take(
            1)];
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { Symbols = Symbols }, TimeProvider.System);
        await using RunningNode a = await StartAsync("a", venue, server, own);
        await using RunningNode b = await StartAsync("b", venue, server, own);
        await UntilAsync(
            "b is healthy without a row", async () => (string?)(await GetAsync(b, "/health"))["health"] == "HEALTHY");
        Assert.Empty((await GetAsync(b, "/status"))["symbols"]!.AsArray());
        await UntilAsync("b is ready", async () => (bool)(await GetAsync(b, "/status"))["ready"]!);
    }

    private Task<RunningNode> StartAsync(string name, VenueTwin venue, PostgresServer server) =>
        StartAsync(name, venue, server, Symbols);

    private async Task<RunningNode> StartAsync(string name, VenueTwin venue, PostgresServer server, string[] symbols) =>
        await RunningNode.StartAsync(
        new FeedsOptions
        {
            DataFeeds = new DataFeedsOptions
            {
                Symbols = [.. symbols.Select(Symbol.Parse)],
                IntervalSec = 1,
                Sinks = new SinksOptions { CsvPath = _folder.At($"{name}/feeds_log.csv") },
            },
            Exchange = new ExchangeOptions { RestUrl = new Uri(venue.RestUrl), StreamUrl = new Uri(venue.StreamUrl) },
            Storage = new StorageOptions { DataDir = _folder.At(name), Postgres = new Secret(server.ConnectionString) },
            Cluster = new ClusterOptions { Enabled = true, NodeId = name, LeaseTtlSec = 9 },
            Http = new HttpOptions { Bind = "127.0.0.1:0", Token = new Secret(Token) },
        },
        TimeProvider.System,
        LogLevel.None,
        TestContext.Current.CancellationToken);

    private async Task<Dictionary<string, bool>> ChecksAsync(RunningNode node) =>
        (await GetAsync(node, "/health"))["checks"]!.AsArray()
        .ToDictionary(
            static check => (string)check!["name"]!, static check => (bool)check!["ok"]!, StringComparer.Ordinal);

    private static JsonNode? Actor(JsonNode at, string path) => (string?)at["path"] == path
        ? at : at["children"]!.AsArray().Select(child => Actor(child!, path)).FirstOrDefault(
            static found => found is not null);

    private async Task<JsonNode> GetAsync(RunningNode node, string page)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(node.Address, page));
        request.Headers.Accept.ParseAdd("application/json");
        using HttpResponseMessage answer = await _http.SendAsync(request);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private async Task<JsonNode> PostAsync(RunningNode node, string page, string path)
    {
        using HttpResponseMessage answer = await _http.PostAsync(
            new Uri(node.Address, page), JsonContent.Create(new { path }));
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, what);
            await Task.Delay(100);
        }
    }
}
