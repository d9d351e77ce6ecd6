using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Feeds.Configuration;
using Feeds.Core.Market;
using Feeds.Engine.Health;
using Feeds.Http;
using Feeds.Storage.Leases;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Feeds.Tests.Program.Http;

/// <summary>
/// Requests about a symbol that another node of the cluster has: passed on once, or refused with the reason.
/// </summary>
public sealed class OwnerRelayTests : IAsyncDisposable
{
    private const string Token = "canary-token-canary-token";
    private const string There = "symbols/币安人生USDT";
    private static readonly Symbol Elsewhere = Symbol.Parse("币安人生USDT");

    private readonly FakeNode _asked = new() { Actors = static path => path == "symbols" };
    private readonly FakeNode _owner = new() { Actors = static path => path == There };
    private readonly List<NodeEndpoint> _endpoints = [];

    public async ValueTask DisposeAsync()
    {
        foreach (NodeEndpoint endpoint in _endpoints) await endpoint.DisposeAsync();
    }

    [Fact]
    public async Task What_is_asked_of_any_node_is_answered_and_done_by_the_owner()
    {
        (NodeEndpoint asked, NodeEndpoint owner) = await StartAsync();
        Knows("b@2", Member("b@2", owner.Address));

        (int code, JsonNode answer) = await GetAsync(asked, $"/actors/inspect?path={Uri.EscapeDataString(There)}");
        Assert.Equal((200, There), (code, (string?)answer["path"]));
        (code, answer) = await PostAsync(asked, "/actors/restart", There);
        Assert.Equal((200, $"{There} restarts"), (code, (string?)answer["done"]));
        Assert.Equal(200, (await PostAsync(asked, "/actors/stop", There)).Code);
        Assert.Equal([$"restart {There}", $"stop {There}"], _owner.Done);
        Assert.Empty(_asked.Done);
    }

    [Fact]
    public async Task Without_an_owner_that_can_be_asked_the_answer_says_why()
    {
        (NodeEndpoint asked, NodeEndpoint owner) = await StartAsync();
        await RefusedAsync(404, "there is no actor symbols/币安人生USDT");
        Knows(null);
        await RefusedAsync(503, "no node has 币安人生USDT at the moment");
        Knows("a@1", Member("a@1", asked.Address));
        await RefusedAsync(503, "just being started or stopped by a@1");
        Knows("b@2", Member("b@2", owner.Address) with { IsAlive = false });
        await RefusedAsync(503, "at b@2, which is dead");
        Knows("b@2");
        await RefusedAsync(503, "at b@2, which is dead");
        Knows("b@2", Member("b@2", null));
        await RefusedAsync(503, "whose address is not known");
        Knows("b@2", Member("b@2", null) with { Address = "file:///etc/passwd" });
        await RefusedAsync(502, "which is no address");

        // Nobody listens there.
        Uri gone = owner.Address;
        await owner.DisposeAsync();
        _endpoints.Remove(owner);
        Knows("b@2", Member("b@2", gone));
        await RefusedAsync(502, "which does not answer");
        Assert.Equal(404, (await GetAsync(asked, "/actors/inspect?path=symbols/NOBODY")).Code);
        Assert.Equal(404, (await GetAsync(asked, "/actors/inspect?path=streams/public-9")).Code);

        async Task RefusedAsync(int code, string why)
        {
            foreach ((int Code, JsonNode Answer) each in new[]
            {
                await GetAsync(asked, $"/actors/inspect?path={There}"),
                await PostAsync(asked, "/actors/restart", There),
                await PostAsync(asked, "/actors/stop", There),
            })
            {
                Assert.Equal(code, each.Code);
                Assert.Contains(why, (string?)each.Answer["error"], StringComparison.Ordinal);
                Assert.DoesNotContain("canary", each.Answer.ToJsonString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_request_is_passed_on_once_and_taken_only_by_whom_it_is_for()
    {
        (NodeEndpoint asked, NodeEndpoint owner) = await StartAsync();

        // The table leads back to who asks: nodes that all say that they are at 127.0.0.1.
        Knows("b@2", Member("b@2", asked.Address));
        (int code, JsonNode answer) = await GetAsync(asked, $"/actors/inspect?path={There}");
        Assert.Equal(502, code);
        Assert.Contains("another node or program answers", (string?)answer["error"], StringComparison.Ordinal);

        // The owner has given it up meanwhile, to the one that passed the request on.
        Knows("b@2", Member("b@2", owner.Address));
        _owner.Actors = static _ => false;
        _owner.Now = _owner.Now with { Cluster = Cluster("b@2", "a@1", Member("a@1", asked.Address)) };
        (code, answer) = await GetAsync(asked, $"/actors/inspect?path={There}");
        Assert.Equal(503, code);
        Assert.Contains("went from b@2 to a@1", (string?)answer["error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_show_each_other_their_token_and_callers_must_show_it_too()
    {
        (NodeEndpoint asked, NodeEndpoint owner) = await StartAsync();
        Knows("b@2", Member("b@2", owner.Address));
        Assert.Equal(401, (await GetAsync(asked, $"/actors/inspect?path={There}", token: null)).Code);
        Assert.Equal(401, (await GetAsync(asked, $"/actors/inspect?path={There}", "wrong-wrong-wrong-wrong")).Code);

        // The header of nodes is no credential.
        Assert.Equal(401, (await GetAsync(owner, $"/actors/inspect?path={There}", token: null, meant: "b@2")).Code);

        NodeEndpoint other = await StartAsync(_owner, "canary-another-canary-another");
        Knows("b@2", Member("b@2", other.Address));
        (int code, JsonNode answer) = await GetAsync(asked, $"/actors/inspect?path={There}");
        Assert.Equal(502, code);
        Assert.Contains("all nodes need the same http.token", (string?)answer["error"], StringComparison.Ordinal);
        Assert.DoesNotContain("canary", answer.ToJsonString(), StringComparison.Ordinal);
    }

    private async Task<(NodeEndpoint Asked, NodeEndpoint Owner)> StartAsync() =>
        (await StartAsync(_asked, Token), await StartAsync(_owner, Token));

    private async Task<NodeEndpoint> StartAsync(FakeNode node, string token)
    {
        HttpOptions options = new() { Bind = "127.0.0.1:0", Token = new Secret(token) };
        NodeEndpoint endpoint = await NodeEndpoint.StartAsync(
            options, node, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None,
            new RequestRates(1_000_000, 1_000_000));
        _endpoints.Add(endpoint);
        return endpoint;
    }

    private void Knows(string? owner, params Member[] members) =>
        _asked.Now = _asked.Now with { Cluster = Cluster("a@1", owner, members) };

    private static ClusterStatus Cluster(string node, string? owner, params Member[] members) =>
        new(node, new ClusterView(0, members, [new SymbolLease(Elsewhere, owner, 3)]), true, null, 0, 0, 0, 0, 0);

    private static Member Member(string id, Uri? address) =>
        new(id, address?.GetLeftPart(UriPartial.Authority) ?? "", 0, 0, false, true);

    private static Task<(int Code, JsonNode Answer)> GetAsync(
        NodeEndpoint endpoint, string page, string? token = Token, string? meant = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(endpoint.Address, page)), token, meant);

    private static Task<(int Code, JsonNode Answer)> PostAsync(NodeEndpoint endpoint, string page, string path) =>
        SendAsync(
        new HttpRequestMessage(
            HttpMethod.Post, new Uri(endpoint.Address, page))
        { Content = JsonContent.Create(new { path }) }, Token,
            null);

    private static async Task<(int Code, JsonNode Answer)> SendAsync(
        HttpRequestMessage request, string? token, string? meant)
    {
        using HttpClient http = new();
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (meant is not null) request.Headers.Add(OwnerRelay.ForHeader, meant);
        using HttpResponseMessage answer = await http.SendAsync(request);
        request.Dispose();
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }
}
