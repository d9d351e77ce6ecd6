using System.Text.Json.Nodes;
using Feeds.Configuration;
using Feeds.Dashboard;
using Feeds.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Feeds.Tests.Program.Http;

public sealed class DashboardTests
{
    [Fact]
    public async Task The_events_begin_with_the_past_and_go_on_with_the_present()
    {
        FakeNode node = new();
        await using NodeEndpoint endpoint = await StartAsync(node);
        using HttpClient client = new() { BaseAddress = endpoint.Address };
        using StreamReader events = new(await client.GetStreamAsync("/events"));

        Assert.Equal("event: history", await events.ReadLineAsync());
        Assert.StartsWith("data: {\"last_tick_time\"", await events.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal("", await events.ReadLineAsync());
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("event: status", await events.ReadLineAsync());
            JsonNode data = JsonNode.Parse((await events.ReadLineAsync())!["data: ".Length..])!;
            Assert.Equal("OK", (string?)data["status"]!["data_feeds"]);
            Assert.Equal("WARNING", (string?)data["problems"]![0]!["level"]);
            Assert.Equal("", await events.ReadLineAsync());
        }
    }

    [Fact]
    public async Task Only_so_many_pages_may_look_at_a_time()
    {
        await using NodeEndpoint endpoint = await StartAsync(new FakeNode());
        using HttpClient client = new() { BaseAddress = endpoint.Address };
        List<HttpResponseMessage> pages = [];
        for (int i = 0; i <= DashboardFeed.MaxClients; i++)
            pages.Add(await client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead));

        Assert.All(pages[..^1], page => Assert.Equal(200, (int)page.StatusCode));
        Assert.Equal(503, (int)pages[^1].StatusCode);
        pages.ForEach(page => page.Dispose());
    }

    [Fact]
    public async Task The_page_names_nothing_outside_the_node()
    {
        await using NodeEndpoint endpoint = await StartAsync(new FakeNode());
        using HttpClient client = new() { BaseAddress = endpoint.Address };
        foreach (string file in new[] { "/", "/dashboard.js", "/dashboard.css", "/favicon.svg" })
        {
            string text = (await client.GetStringAsync(file)).Replace(
                "http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
            Assert.DoesNotContain("//www", text, StringComparison.Ordinal);
            Assert.DoesNotContain("http", text, StringComparison.Ordinal);
            Assert.DoesNotContain("innerHTML", text, StringComparison.Ordinal);
            Assert.DoesNotContain("style=", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_past_is_bounded_and_forgets_symbols_that_are_gone()
    {
        RowHistory history = new();
        for (int tick = 1; tick <= RowHistory.MaxTicks + 10; tick++)
        {
            history.Take(Status(tick, "A", "B"));
            history.Take(Status(tick, "A", "B"));
        }
        Assert.Equal(RowHistory.MaxTicks, history.ToDocument().Symbols["A"]["oi"].Count);
        Assert.Equal(
            [RowHistory.MaxTicks + 9, RowHistory.MaxTicks + 10], history.ToDocument().Symbols["B"]["oi"].TakeLast(2));

        // B has no row at the next tick: a hole, not its old value again.
        StatusDocument late = Status(RowHistory.MaxTicks + 11, "A");
        history.Take(late with { Symbols = [.. late.Symbols, Status(RowHistory.MaxTicks + 10, "B").Symbols[0]] });
        Assert.Equal([RowHistory.MaxTicks + 10, null], history.ToDocument().Symbols["B"]["oi"].TakeLast(2));

        history.Take(Status(1000, "A"));
        Assert.Equal(["A"], history.ToDocument().Symbols.Keys);
    }

    private static StatusDocument Status(int tick, params string[] symbols) => new()
    {
        DataFeeds = "OK",
        LastTickTime = DateTimeOffset.FromUnixTimeSeconds(tick),
        Symbols =
        [
            .. symbols.Select(s => new SymbolDocument
            {
                Symbol = s,
                Health = "OK",
                Row = new RowDocument { Timestamp = DateTimeOffset.FromUnixTimeSeconds(tick), Oi = tick },
            }),
        ],
    };

    private static Task<NodeEndpoint> StartAsync(FakeNode node) => NodeEndpoint.StartAsync(
        new HttpOptions { Bind = "127.0.0.1:0" }, node, TimeProvider.System, NullLoggerFactory.Instance,
        CancellationToken.None);
}
