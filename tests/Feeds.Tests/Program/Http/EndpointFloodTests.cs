using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Feeds.Configuration;
using Feeds.Core.Market;
using Feeds.Hosting;
using Feeds.Http;
using Feeds.Simulator;
using Feeds.Tests.Storage;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Feeds.Tests.Program.Http;

/// <summary>
/// Whatever is thrown at the endpoint of a node, the node goes on with its work, and what the endpoint keeps stays
/// bounded.
/// </summary>
public sealed class EndpointFloodTests : IDisposable
{
    private static readonly string[] Symbols = ["BTCUSDT", "ETHUSDT"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();
    private readonly List<TcpClient> _connections = [];

    public void Dispose()
    {
        foreach (TcpClient connection in _connections) connection.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Rows_go_on_while_a_thousand_connections_sit_on_the_endpoint_and_it_answers_when_they_are_gone()
    {
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { Symbols = Symbols }, TimeProvider.System);
        await using RunningNode node = await RunningNode.StartAsync(
            new FeedsOptions
            {
                DataFeeds = new DataFeedsOptions
                {
                    Symbols = [.. Symbols.Select(Symbol.Parse)],
                    IntervalSec = 1,
                    Sinks = new SinksOptions { CsvPath = _folder.At("feeds_log.csv") },
                },
                Exchange = new ExchangeOptions
                {
                    RestUrl = new Uri(venue.RestUrl),
                    StreamUrl = new Uri(venue.StreamUrl)
                },
                Storage = new StorageOptions { DataDir = _folder.At("data") },
                Http = new HttpOptions { Bind = "127.0.0.1:0" },
            },
            TimeProvider.System,
            LogLevel.None,
            TestContext.Current.CancellationToken);
        await UntilAsync(() => node.Status().IsReady, "ready");
        int series = await SeriesAsync(node, "");

        // What is asked for leaves nothing behind, and too much of it is refused.
        using (HttpClient http = new() { BaseAddress = node.Address })
        {
            for (int i = 0; i < 50; i++) using (await http.GetAsync($"/actors/inspect?path=symbols/canary{i}")) { }
            using HttpRequestMessage headers = new(HttpMethod.Get, "/status");
            headers.Headers.Add("X-Filler", new string('x', 20_000));
            Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, (await http.SendAsync(headers)).StatusCode);
            Assert.Equal(
                HttpStatusCode.RequestUriTooLong,
                (await http.GetAsync("/status?" + new string('x', 5_000))).StatusCode);
            using StringContent body = new(
                new string('x', EndpointLimits.MaxBodyBytes + 1), new MediaTypeHeaderValue("application/json"));
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await http.PostAsync("/symbols/add", body)).StatusCode);
        }

        Assert.InRange(await SeriesAsync(node, "canary"), 1, series + 40);
        await WatchAsync(node, listeners: 100);

        // A thousand that say nothing, and some that never end their headers.
        for (int i = 0; i < 1_000; i++)
            await ConnectAsync(node, i % 5 == 0 ? "GET /status HTTP/1.1\r\nHost: local" : "");
        long tick = node.Status().LastTickTime;
        await UntilAsync(() => node.Status().LastTickTime >= tick + 6_000, "rows go on");
        foreach (TcpClient connection in _connections) connection.Dispose();

        using HttpClient after = new() { BaseAddress = node.Address };
        await UntilAsync(async () =>
        {
            try
            {
                return (await after.GetAsync("/status")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                // Those before are still being closed.
                return false;
            }
        }, "it answers again");
        Assert.Equal(Symbols.Length, node.Status().Symbols.Count(static symbol => symbol.LastRow is not null));
    }

    // Each listener costs work at every change: only so many get in.
    private static async Task WatchAsync(RunningNode node, int listeners)
    {
        using HttpClient http = new() { BaseAddress = node.Address };
        List<HttpResponseMessage> answers = [];
        for (int i = 0; i < listeners; i++)
            answers.Add(await http.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead));
        Assert.InRange(answers.Count(static answer => answer.StatusCode == HttpStatusCode.OK), 1, 32);
        Assert.All(
            answers,
            static answer => Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.TooManyRequests, $"{answer.StatusCode}"));
        foreach (HttpResponseMessage answer in answers) answer.Dispose();
    }

    private async Task ConnectAsync(RunningNode node, string text)
    {
        TcpClient client = new();
        _connections.Add(client);
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, node.Address.Port);
            if (text.Length > 0) await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(text));
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
        {
            // Past its limit the endpoint closes them at once.
        }
    }

    private static async Task<int> SeriesAsync(RunningNode node, string without)
    {
        using HttpClient http = new() { BaseAddress = node.Address };
        string metrics = await http.GetStringAsync("/metrics");
        if (without.Length > 0) Assert.DoesNotContain(without, metrics, StringComparison.Ordinal);
        return metrics.Split('\n').Count(static line => line.Length > 0 && line[0] != '#');
    }

    private static Task UntilAsync(Func<bool> condition, string what) =>
        UntilAsync(() => Task.FromResult(condition()), what);

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, what);
            await Task.Delay(50);
        }
    }
}
