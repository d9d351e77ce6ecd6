using System.Net.Http.Headers;
using Feeds.Configuration;
using Feeds.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Feeds.Tests.Program.Http;

/// <summary>The table of page × method × credential × origin.</summary>
public sealed class EndpointSecurityTests
{
    private const string Token = "canary-token-canary-token";

    private static readonly string[] OpenPages = ["/healthz", "/readyz"];
    private static readonly string[] ReadPages = ["/status", "/health", "/metrics", "/actors",
        "/actors/inspect?path=symbols", "/symbols"];
    private static readonly string[] CommandPages = ["/actors/restart", "/actors/stop", "/symbols/add",
        "/symbols/remove"];

    public static TheoryData<string, string, bool> Pages()
    {
        TheoryData<string, string, bool> pages = [];
        foreach (string page in OpenPages) pages.Add("GET", page, true);
        foreach (string page in ReadPages) pages.Add("GET", page, false);
        foreach (string page in CommandPages) pages.Add("POST", page, false);
        return pages;
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Without_the_token_only_what_carries_no_data_answers(string method, string page, bool isOpen)
    {
        await using Fixture f = await Fixture.StartAsync(Token);

        Assert.Equal(isOpen ? 200 : 401, await f.AskAsync(method, page));
        Assert.Equal(
            isOpen ? 200 : 401, await f.AskAsync(method, page, authorization: "Bearer wrong-token-wrong-token"));
        Assert.Equal(isOpen ? 200 : 401, await f.AskAsync(method, page, authorization: $"Bearer {Token}x"));
        Assert.Equal(isOpen ? 200 : 401, await f.AskAsync(method, page, authorization: $"Bearer {Token[..^1]}"));
        Assert.Equal(isOpen ? 200 : 401, await f.AskAsync(method, page, authorization: $"Basic {Token}"));
        Assert.Equal(
            isOpen ? 200 : 401,
            await f.AskAsync(
                method, page + (page.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "token=" + Token));
        Assert.Empty(f.Node.Done);
        Assert.InRange(await f.AskAsync(method, page, authorization: $"Bearer {Token}"), 200, 200);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_host_name_that_is_not_ours_is_refused(string method, string page, bool isOpen)
    {
        _ = isOpen;
        await using Fixture f = await Fixture.StartAsync(token: null);

        Assert.Equal(421, await f.AskAsync(method, page, host: "evil.example"));
        Assert.Equal(421, await f.AskAsync(method, page, host: "evil.example:80"));
        Assert.Equal(421, await f.AskAsync(method, page, host: "localhost.evil.example"));
        Assert.Empty(f.Node.Done);
        Assert.Equal(200, await f.AskAsync(method, page, host: "localhost:1"));
        Assert.Equal(200, await f.AskAsync(method, page, host: "node.example"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Another_origin_is_refused(string method, string page, bool isOpen)
    {
        await using Fixture f = await Fixture.StartAsync(token: null);

        Assert.Equal(403, await f.AskAsync(method, page, origin: "https://evil.example"));
        Assert.Equal(403, await f.AskAsync(method, page, origin: "null"));
        Assert.Equal(403, await f.AskAsync(method, page, origin: "http://localhost:1"));
        Assert.Equal(isOpen ? 200 : 403, await f.AskAsync(method, page, fetchSite: "cross-site"));
        Assert.Empty(f.Node.Done);
        Assert.Equal(200, await f.AskAsync(method, page, origin: f.Origin));
        Assert.Equal(200, await f.AskAsync(method, page, fetchSite: "same-origin"));
    }

    [Fact]
    public async Task Commands_are_posts_with_json_and_nothing_else()
    {
        await using Fixture f = await Fixture.StartAsync(token: null);
        foreach (string page in CommandPages)
        {
            foreach (string type in new[] { "text/plain", "application/x-www-form-urlencoded", "multipart/form-data" })
                Assert.Equal(415, await f.AskAsync("POST", page, contentType: type));
            Assert.Equal(405, await f.AskAsync("GET", page));
            Assert.Equal(405, await f.AskAsync("PUT", page));
            Assert.Equal(405, await f.AskAsync("DELETE", page));
        }
        foreach (string page in ReadPages) Assert.Equal(405, await f.AskAsync("POST", page));
        Assert.Empty(f.Node.Done);
    }

    [Fact]
    public async Task Every_answer_keeps_browsers_careful_and_never_shows_the_token()
    {
        await using Fixture f = await Fixture.StartAsync(Token);
        foreach (string page in OpenPages.Concat(ReadPages).Concat(CommandPages).Append("/nowhere").Append("/"))
        {
            using HttpRequestMessage request = new(HttpMethod.Get, page);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            using HttpResponseMessage answer = await f.Client.SendAsync(request);

            Assert.StartsWith(
                "default-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(),
                StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.DoesNotContain(answer.Headers, h => h.Key is "Server" or "Access-Control-Allow-Origin");
            Assert.DoesNotContain(
                "canary", await answer.Content.ReadAsStringAsync() + answer.Headers, StringComparison.Ordinal);
        }
    }

    private sealed class Fixture(NodeEndpoint endpoint, FakeNode node) : IAsyncDisposable
    {
        public HttpClient Client { get; } = new() { BaseAddress = endpoint.Address };

        public FakeNode Node => node;

        public string Origin => endpoint.Address.GetLeftPart(UriPartial.Authority);

        public static async Task<Fixture> StartAsync(string? token)
        {
            FakeNode node = new();
            HttpOptions options = new()
            {
                Bind = "127.0.0.1:0",
                Token = token is null ? null : new Secret(token),
                AllowedHosts = ["node.example"],
            };
            return new Fixture(
                await NodeEndpoint.StartAsync(
                    options, node, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None), node);
        }

        public async Task<int> AskAsync(
            string method,
            string page,
            string? authorization = null,
            string? host = null,
            string? origin = null,
            string? fetchSite = null,
            string contentType = "application/json")
        {
            using HttpRequestMessage request = new(new HttpMethod(method), page);
            if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
            if (host is not null) request.Headers.Host = host;
            if (origin is not null) request.Headers.Add("Origin", origin);
            if (fetchSite is not null) request.Headers.Add("Sec-Fetch-Site", fetchSite);
            if (method != "GET")
            {
                string body =
                    page switch
                    {
                        "/symbols/add" => "{\"symbol\":\"ADAUSDT\"}",
                        "/symbols/remove" =>
                        "{\"symbol\":\"BTCUSDT\"}",
                        _ => "{\"path\":\"symbols\"}"
                    };
                request.Content = new StringContent(body, new MediaTypeHeaderValue(contentType));
            }
            using HttpResponseMessage answer = await Client.SendAsync(request);
            return (int)answer.StatusCode;
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await endpoint.DisposeAsync();
        }
    }
}
