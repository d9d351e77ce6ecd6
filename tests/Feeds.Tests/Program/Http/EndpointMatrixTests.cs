using System.Net;
using System.Net.Http.Headers;
using Feeds.Configuration;
using Feeds.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Feeds.Tests.Program.Http;

/// <summary>
/// Every page × method × credential × host × origin, each asked over HTTP and held against rules that are written down
/// here once more.
/// </summary>
public sealed class EndpointMatrixTests : IAsyncDisposable
{
    private const string Token = "canary-token-canary-token";
    private const string OldToken = "canary-older-canary-older";

    // The page and what it is for; "open" carries no data and needs no token.
    private static readonly (string Page, string Method, bool IsOpen)[] Pages =
    [
        ("/", "GET", true), ("/dashboard.js", "GET", true), ("/dashboard.css", "GET", true),
        ("/favicon.svg", "GET", true),
        ("/healthz", "GET", true), ("/readyz", "GET", true),
        ("/status", "GET", false), ("/health", "GET", false), ("/metrics", "GET", false), ("/events", "GET", false),
        ("/actors", "GET", false), ("/actors/inspect", "GET", false), ("/symbols", "GET", false),
        ("/coverage", "GET", false), ("/cluster", "GET", false),
        ("/actors/restart", "POST", false), ("/actors/stop", "POST", false),
        ("/symbols/add", "POST", false), ("/symbols/remove", "POST", false), ("/cluster/leave", "POST", false),
    ];

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

    private static readonly (string? Authorization, bool IsGood)[] Credentials =
    [
        (null, false), ($"Bearer {Token}", true), ($"bearer  {Token}", true), ($"Bearer {OldToken}", false),
        ($"Bearer {Token}x", false),
        ($"Bearer {Token[..^1]}", false), ($"Basic {Token}", false), ("Bearer", false), (Token, false),
    ];

    private static readonly (string? Host, bool IsGood)[] Hosts =
    [
        (null, true), ("localhost:8080", true), ("node.example", true),
        ("evil.example", false), ("127.0.0.1.evil.example", false), ("[::ffff:7f00:1]", false),
    ];

    private static readonly (string? Origin, string? Site, bool IsGood, bool IsGoodWhenOpen)[] Origins =
    [
        (null, null, true, true), ("own", null, true, true), (null, "same-origin", true, true),
        (null, "none", true, true),
        (null, "cross-site", false, true), (null, "same-site", false, true),
        ("https://evil.example", null, false, false), ("null", null, false, false),
        ("http://127.0.0.1:1", null, false, false),
    ];

    private readonly HttpClient _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, MaxConnectionsPerServer = 4 });
    private NodeEndpoint? _endpoint;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _endpoint!.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_combination_is_answered_as_the_rules_say(bool hasToken)
    {
        FakeNode node = new();
        HttpOptions options = new()
        {
            Bind = "127.0.0.1:0",
            Token = hasToken ? new Secret(Token) : null,
            AllowedHosts = ["node.example"],
        };
        _endpoint = await NodeEndpoint.StartAsync(
            options, node, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None,
            new RequestRates(1_000_000, 1_000_000));
        Assert.Equal(Pages.Select(static page => $"{page.Method} {page.Page}").Order(), _endpoint.Pages.Order());

        List<string> wrong = [];
        int expectedDone = 0;
        foreach ((string page, string pageMethod, bool isOpen) in Pages)
        {
            foreach (string method in Methods)
            {
                foreach ((string? authorization, bool isGoodToken) in hasToken ? Credentials : Credentials[..2])
                {
                    foreach ((string? host, bool isGoodHost) in Hosts)
                    {
                        foreach ((string? origin, string? site, bool isGood, bool isGoodWhenOpen) in Origins)
                        {
                            bool isRead = method is "GET" or "HEAD";
                            bool isOpenHere = isOpen && isRead;
                            string? from = origin == "own" ? $"http://{host ?? _endpoint.Address.Authority}" : origin;
                            int expected = !isGoodHost ? 421
                                : !(isOpenHere ? isGoodWhenOpen : isGood) ? 403
                                : !isOpenHere && hasToken && !isGoodToken ? 401
                                : method != pageMethod ? 405
                                : page == "/cluster" ? 404 // Let in; this node is no member of a cluster.
                                : 200;
                            int code = await AskAsync(method, page, authorization, host, from, site);
                            expectedDone += expected == 200 && !isRead ? 1 : 0;
                            if (code != expected)
                            {
                                wrong.Add(
                                    $"{method} {page} token={authorization} host={host} origin={from} site={site}"
                                    + $": {code}, not {expected}");
                            }
                        }
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong:\n{string.Join('\n', wrong.Take(20))}");
        Assert.Equal(expectedDone, node.Done.Count);
        Assert.True(expectedDone > 0, "nothing got through");
    }

    private async Task<int> AskAsync(
        string method, string page, string? authorization, string? host, string? origin, string? site)
    {
        while (true)
        {
            using HttpRequestMessage request = new(
                new HttpMethod(method),
                new Uri(_endpoint!.Address, page + (page == "/actors/inspect" ? "?path=symbols" : "")));
            if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
            if (host is not null) request.Headers.Host = host;
            if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin);
            if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);
            if (method is not ("GET" or "HEAD"))
            {
                string body = page switch
                {
                    "/symbols/add" => "{\"symbol\":\"ADAUSDT\"}",
                    "/symbols/remove" => "{\"symbol\":\"BTCUSDT\"}",
                    "/cluster/leave" => "{\"node\":\"b\"}",
                    _ => "{\"path\":\"symbols\"}",
                };
                request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
            }

            using HttpResponseMessage answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

            // So many pages look already: those before were left a moment ago, and the server has not noticed.
            if (page != "/events" || answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                return (int)answer.StatusCode;
            await Task.Yield();
        }
    }
}
