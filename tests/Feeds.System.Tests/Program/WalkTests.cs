using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Feeds.Tests.Program.Http;
using Xunit;

namespace Feeds.System.Tests.Program;

/// <summary>A walk over a running demo as an operator takes it: through the real program and real HTTP.</summary>
public sealed class WalkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private string _url = "";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Symbols_and_actors_are_looked_at_and_changed_while_the_demo_runs()
    {
        await using FeedsProgram demo = FeedsProgram.Start(
            _folder.Path, null, "demo", "--data-dir", "d", "--interval", "1", "--port", "0");
        string output = await demo.UntilAsync("dashboard: ");
        _url = output[(output.IndexOf("dashboard: ", StringComparison.Ordinal) + 11)..].Split(' ', '\n')[0];

        await using FeedsProgram watching = FeedsProgram.Start(
            _folder.Path, null, "symbols", "list", "--watch", "--json", "--url", _url);
        await watching.UntilAsync("\"BTCUSDT\"");
        await DoAsync("symbols", "add", "1000SHIBUSDT", "1000PEPEUSDT", "币安人生USDT");
        await UntilAsync(
            async () => (await TextAsync("symbols", "list")).Split('\n').Count(
                line => line.EndsWith(" OK", StringComparison.Ordinal)) == 14);
        await watching.UntilAsync("币安人生USDT");
        watching.Signal(FeedsProgram.SigInt);
        Assert.Equal(0, await watching.EndAsync());
        Assert.All(
            watching.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            static line => Assert.True(JsonNode.Parse(line)!.AsArray().Count >= 11));
        Assert.Contains(
            "is watched already", await RefusedAsync("symbols", "add", "BTCUSDT"), StringComparison.Ordinal);
        Assert.Contains(
            "NOSUCHUSDT is not listed by the exchange", await RefusedAsync("symbols", "add", "NOSUCHUSDT"),
            StringComparison.Ordinal);
        Assert.Contains("SETTLING", await RefusedAsync("symbols", "add", "SRMUSDT"), StringComparison.Ordinal);

        JsonNode symbol = await JsonAsync("actors", "inspect", "symbols/币安人生USDT");
        Assert.Equal("RUNNING", (string?)symbol["state"]);
        Assert.True((long)symbol["inspection"]!["sequence"]! > 0);
        Assert.Equal("depth", (string?)symbol["inspection"]!["coverage"]!["feeds"]![0]!["feed"]);

        // A shell that completes asks the node that the line names; one that is slow to answer knows no words.
        string line = $"feeds actors inspect --url {_url} symbols/币";
        await UntilAsync(
            async () => (await FeedsProgram.RunAsync(_folder.Path, "complete", $"{line.Length}", line)).Output
                == "symbols/币安人生USDT\n");

        await DoAsync("actors", "restart", "streams/market-1");
        await UntilAsync(async () => (int)(await ActorAsync("streams/market-1"))!["restarts"]! == 1);
        await UntilAsync(
            async () => (bool)(await JsonAsync("actors", "inspect", "streams/market-1"))["inspection"]!["is_open"]!);

        await DoAsync("actors", "restart", "symbols/ETHUSDT");
        await UntilAsync(async () => (int)(await ActorAsync("symbols/ETHUSDT"))!["restarts"]! == 1);
        await DoAsync("actors", "stop", "symbols/SOLUSDT");
        await UntilAsync(async () => (string?)(await ActorAsync("symbols/SOLUSDT"))!["state"] == "STOPPED");
        Assert.Matches("(?m)^SOLUSDT +STOPPED", await TextAsync("symbols", "list"));
        await DoAsync("actors", "restart", "symbols/SOLUSDT");
        await UntilAsync(async () => (string?)(await ActorAsync("symbols/SOLUSDT"))?["state"] == "RUNNING");
        Assert.Contains(
            "there is no actor symbols/NOBODY", await RefusedAsync("actors", "restart", "symbols/NOBODY"),
            StringComparison.Ordinal);

        await DoAsync("actors", "stop", "polling/open-interest");
        await UntilAsync(async () => (string?)(await ActorAsync("polling/open-interest"))!["state"] == "STOPPED");
        await DoAsync("actors", "restart", "polling/open-interest");
        JsonNode poller = await JsonAsync("actors", "inspect", "polling/open-interest");
        Assert.Equal(2400, (int)poller["inspection"]!["budget"]!["weight_limit"]!);
        JsonNode stream = await JsonAsync("actors", "inspect", "streams/market-1");
        Assert.EndsWith("/market/stream", (string?)stream["inspection"]!["address"], StringComparison.Ordinal);
        Assert.True((int)stream["inspection"]!["streams"]!["btcusdt@aggTrade"]!["silence_limit_ms"]! > 0);
        JsonNode touched = await JsonAsync("actors", "inspect", "symbols/ETHUSDT");
        Assert.True((double)touched["inspection"]!["values"]!["mark_price"]! > 0);
        Assert.True(touched["inspection"]!["feeds"]!["depth"]!["age_ms"] is not null);

        await DoAsync("symbols", "remove", "1000SHIBUSDT", "币安人生USDT");
        Assert.Null(await ActorAsync("symbols/币安人生USDT"));
        Assert.DoesNotContain("1000SHIBUSDT", await TextAsync("actors", "tree"), StringComparison.Ordinal);

        using (HttpClient http = new() { BaseAddress = new Uri(_url) })
        {
            Assert.Equal(
                HttpStatusCode.OK,
                (await http.PostAsync(
                    "/symbols/remove", JsonContent.Create(new { symbol = "1000PEPEUSDT" }))).StatusCode);
            string metrics = await http.GetStringAsync("/metrics");
            PrometheusSamples samples = PrometheusSamples.Parse(metrics);
            Assert.Contains(samples["feeds_symbols"], static sample => sample.Labels["health"] == "OK");
            foreach (string name in new[]
            {
                "feeds_messages_total", "feeds_decode_sampled_total", "feeds_mailbox_waiting",
                "feeds_tick_computed_seconds_count",
                "feeds_tick_released_seconds_count", "feeds_sink_rows_total", "feeds_sink_write_seconds_count",
                "feeds_journal_written_bytes_total",
                "feeds_rest_weight_used", "feeds_connection_reconnects_total", "feeds_actor_restarts_total",
            })
            {
                Assert.True(
                    samples[name].Any(static sample => sample.Value > 0) || name is "feeds_mailbox_waiting"
                        && samples[name].Any(), name);
            }

            // What is scraped may be up to a second old.
            await UntilAsync(async () =>
                !(await http.GetStringAsync("/metrics")).Contains("1000PEPEUSDT", StringComparison.Ordinal));
        }

        demo.Signal(FeedsProgram.SigInt);
        Assert.Equal(0, await demo.EndAsync());
        string[] rows = await File.ReadAllLinesAsync(_folder.File("d/feeds_log.csv"));
        foreach (string added in new[] { "1000SHIBUSDT", "1000PEPEUSDT", "币安人生USDT" })
            Assert.Contains(rows, row => row.Split(',')[1] == added);

        // Who was not touched has a row at every tick.
        Assert.Equal(
            rows.Skip(1).Select(row => row.Split(',')[0]).Distinct().Count(),
            rows.Count(row => row.Split(',')[1] == "XRPUSDT"));

        // And all rows are what the journal says.
        (int code, string verified, string complaints) = await FeedsProgram.RunAsync(
            _folder.Path, "replay", "--verify", "--data-dir", "d");
        Assert.True(code == 0, verified + complaints);
        Assert.Contains("identical", verified, StringComparison.Ordinal);
    }

    private async Task DoAsync(params string[] arguments)
    {
        (int code, string output, string errors) = await AskAsync(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {output}{errors}");
    }

    private async Task<string> RefusedAsync(params string[] arguments)
    {
        (int code, _, string errors) = await AskAsync(arguments);
        Assert.Equal(1, code);
        return errors;
    }

    private async Task<string> TextAsync(params string[] arguments) => (await AskAsync(arguments)).Output;

    private async Task<JsonNode> JsonAsync(params string[] arguments) =>
        JsonNode.Parse((await AskAsync([.. arguments, "--json"])).Output)!;

    private async Task<JsonNode?> ActorAsync(string path) => Find(await JsonAsync("actors", "tree"), path);

    private static JsonNode? Find(JsonNode at, string path) => (string?)at["path"] == path
        ? at : at["children"]!.AsArray().Select(child => Find(child!, path)).FirstOrDefault(found => found is not null);

    private Task<(int Code, string Output, string Errors)> AskAsync(params string[] arguments) =>
        FeedsProgram.RunAsync(_folder.Path, [.. arguments, "--url", _url]);

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMinutes(3))
        {
            if (await condition()) return;
            await Task.Delay(20);
        }
        Assert.Fail("what was waited for did not come");
    }
}
