using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Feeds.System.Tests.Program;

public sealed class BadStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("data_feeds: { intervall_sec: 5 }",
        "data_feeds.intervall_sec: unknown key (did you mean data_feeds.interval_sec?) (feeds.yaml:1)")]
    [InlineData("data_feeds: { interval_sec: 0 }", "data_feeds.interval_sec = 0: must be at least 1 (feeds.yaml:1)")]
    [InlineData("data_feeds: { symbols: [] }", "data_feeds.symbols = []: at least one symbol is needed (feeds.yaml:1)")]
    [InlineData("exchange: { rest_url: 'http://fapi.binance.com' }",
        "exchange.rest_url = http://fapi.binance.com: must be a https:// address without a path (http:// for this machine only) (feeds.yaml:1)")]
    [InlineData("http: { bind: '0.0.0.0:0' }",
        "http.bind = 0.0.0.0:0: an address other than loopback needs http.token or http.token_file")]
    [InlineData("cluster: { enabled: true }",
        "cluster.enabled = true: needs storage.postgres or storage.postgres_file, where the nodes meet")]
    [InlineData("data_feeds: [", "feeds.yaml:2: not valid YAML")]
    public async Task A_bad_file_is_one_line_and_nothing_is_begun(string yaml, string line)
    {
        _folder.Write("feeds.yaml", yaml);

        await RefusedAsync(line, ["feeds.yaml"], "run");
    }

    [Fact]
    public async Task An_unknown_file_is_one_line() =>
        await RefusedAsync("--config = nowhere.yaml: cannot be read:", [], "run", "--config", "nowhere.yaml");

    [Fact]
    public async Task A_taken_port_is_one_line_and_nothing_is_begun()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        string bind = taken.LocalEndpoint.ToString()!;

        await RefusedAsync($"http.bind = {bind}: the port is taken", [], "run", "--bind", bind);
    }

    [Fact]
    public async Task A_data_folder_that_is_a_file_is_one_line_and_nothing_is_begun()
    {
        _folder.Write("blocked", "a file");

        await RefusedAsync(
            "storage.data_dir = blocked: cannot be written to:", ["blocked"], "run", "--data-dir", "blocked", "--bind",
            "127.0.0.1:0");
        await RefusedAsync("storage.data_dir = blocked/deep/er: cannot be written to:", ["blocked"],
            "run", "--data-dir", "blocked/deep/er", "--bind", "127.0.0.1:0");
    }

    [Fact]
    public async Task A_row_file_that_cannot_be_is_one_line_and_nothing_is_begun()
    {
        _folder.Write("blocked", "a file");

        await RefusedAsync(
            "data_feeds.sinks.csv_path = ", ["blocked"],
            "run", "--bind", "127.0.0.1:0", "--set", "data_feeds.sinks.csv_path=blocked/rows.csv");
    }

    [Theory]
    [InlineData("run", "--interval")]
    [InlineData("run", "--nonsense")]
    [InlineData("demo", "--seconds", "0")]
    [InlineData("demo", "--seconds", "two")]
    [InlineData("demo", "--port", "70000")]
    [InlineData("nonsense")]
    [InlineData("status", "--url", "gopher://x")]
    public async Task Bad_usage_exits_2_without_a_stack_trace(params string[] arguments)
    {
        (int code, string output, string errors) = await FeedsProgram.RunAsync(_folder.Path, arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("feeds: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.Empty(_folder.Entries());
    }

    [Fact]
    public async Task Disabled_feeds_are_said_and_exit_0()
    {
        _folder.Write("feeds.yaml", "feature_flags: { enable_data_feeds: false }");

        (int code, _, string errors) = await FeedsProgram.RunAsync(_folder.Path, "run");

        Assert.Equal(0, code);
        Assert.Contains("data_feeds: disabled by feature_flags.enable_data_feeds", errors, StringComparison.Ordinal);
        Assert.Equal(["feeds.yaml"], _folder.Entries());
    }

    [Fact]
    public async Task No_node_is_said_in_one_line()
    {
        (int code, string output, string errors) = await FeedsProgram.RunAsync(
            _folder.Path, "health", "--url", "http://127.0.0.1:9");

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith(
            "feeds: no node answers at http://127.0.0.1:9/", Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    private async Task RefusedAsync(string line, IReadOnlyList<string> left, params string[] arguments)
    {
        (int code, string output, string errors) = await FeedsProgram.RunAsync(_folder.Path, arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"feeds: {line}", Assert.Single(Lines(errors)), StringComparison.Ordinal);
        Assert.Equal(left, _folder.Entries());
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
