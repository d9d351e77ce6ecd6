using System.Text.Json;
using Feeds.Configuration;
using Feeds.Core.Market;
using Feeds.Http;
using Feeds.Tests.Program.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Feeds.System.Tests.Program;

/// <summary>
/// <c>feeds cluster</c> against a node with three members: one alive, one that drains, one dead with a symbol.
/// </summary>
public sealed class ClusterCommandTests : IAsyncLifetime
{
    private readonly FakeNode _node = new()
    {
        Now = FakeNode.StatusOf(
        [Symbol.Parse("BTCUSDT")]) with
        { Cluster = FakeNode.ClusterOf("a@7") }
    };
    private readonly TemporaryFolder _folder = new();
    private NodeEndpoint _endpoint = null!;

    public async ValueTask InitializeAsync() => _endpoint = await NodeEndpoint.StartAsync(
        new HttpOptions { Bind = "127.0.0.1:0" }, _node, TimeProvider.System, NullLoggerFactory.Instance,
        CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Members_are_told_with_state_and_symbols()
    {
        (int code, string output, _) = await RunAsync("members");
        Assert.Equal(0, code);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Collection(
            lines,
            static line => Assert.Matches("^a@7 +ALIVE +1 symbols +until 07:39:35 +http://a:8080$", line),
            static line => Assert.Matches("^b@2 +DRAINING +0 symbols", line),
            static line => Assert.Matches("^c@1 +DEAD +1 symbols", line));
    }

    [Fact]
    public async Task Shards_are_told_with_owner_and_epoch_and_the_code_says_whether_all_have_a_living_one()
    {
        (int code, string output, _) = await RunAsync("shards", "--json");
        Assert.Equal(1, code);
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Equal(
            ["BTCUSDT a@7 4 OWNED", "ETHUSDT c@1 2 ORPHANED", "SOLUSDT  9 FREE"],
            document.RootElement.EnumerateArray().Select(static shard =>
                $"{shard.GetProperty("symbol")} {shard.GetProperty("owner")} {shard.GetProperty("epoch")} "
                + $"{shard.GetProperty("state")}"));
    }

    [Fact]
    public async Task A_node_is_asked_to_leave_by_its_name_and_one_that_is_not_there_is_refused()
    {
        Assert.Equal(0, (await RunAsync("leave", "b")).Code);
        Assert.Equal(["leave b"], _node.Done);
        Assert.Equal(1, (await RunAsync("leave", "nobody")).Code);
    }

    [Fact]
    public async Task A_node_alone_says_that_there_is_no_cluster()
    {
        _node.Now = FakeNode.StatusOf([Symbol.Parse("BTCUSDT")]);
        (int code, _, string errors) = await RunAsync("members");
        Assert.NotEqual(0, code);
        Assert.StartsWith("feeds: ", errors, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] words) =>
        FeedsProgram.RunAsync(_folder.File("."), ["cluster", .. words, "--url", _endpoint.Address.ToString()]);
}
