using System.CommandLine;
using Feeds.Commands;
using Feeds.Configuration;
using Feeds.Engine;
using Feeds.Tests.Engine;
using Feeds.Tests.Storage;
using Feeds.Tests.Storage.Postgres;
using Xunit;

namespace Feeds.Tests.Program.Commands;

/// <summary>
/// <c>feeds journal fetch</c> from the database of a member that ran, and what the other commands then say of the
/// folder.
/// </summary>
[Collection("postgres")]
public sealed class JournalFetchCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_that_was_fetched_is_replayed_verified_and_exported_as_that_of_a_node()
    {
        PostgresFixture.Require();
        await using PostgresServer server = await PostgresServer.StartAsync();
        await File.WriteAllTextAsync(
            _folder.At("feeds.yaml"),
            $"data_feeds: {{ interval_sec: 1 }}\nstorage: {{ postgres: \"{server.ConnectionString}\" }}\n");
        await RunMemberAsync(server);
        (int code, string output, string error) = await RunAsync(
            new JournalCommand(), "fetch", "--out", _folder.At("copy"), "--config", _folder.At("feeds.yaml"));
        Assert.Equal((0, ""), (code, error));
        long rows = await PostgresFixture.AskAsync<long>(
            server.ConnectionString, "SELECT count(*) FROM feeds.feed_row");
        long events = await PostgresFixture.AskAsync<long>(
            server.ConnectionString, "SELECT sum(event_count)::bigint FROM feeds.journal_block");
        Assert.StartsWith(
            $"{events} events, {rows} rows and {rows} feature rows of postgres://", output, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", output, StringComparison.Ordinal);

        string[] place = ["--data-dir", _folder.At("copy")];
        (code, output, _) = await RunAsync(
            new ReplayCommand(), ["--verify", "--parquet", _folder.At("copy"), .. place]);
        Assert.Equal($"identical: {rows} rows\nfeature rows: identical: {rows} rows", output.Trim());
        Assert.Equal(0, code);
        Assert.StartsWith(
            $"whole: {events} events", (await RunAsync(new JournalCommand(), ["verify", .. place])).Output,
            StringComparison.Ordinal);
        Assert.Contains(
            $"events     {events} of 2 symbols", (await RunAsync(new JournalCommand(), ["stats", .. place])).Output,
            StringComparison.Ordinal);
        Assert.Equal(
            0, (await RunAsync(new JournalCommand(), ["export", "--out", _folder.At("events"), .. place])).Code);

        // A row that somebody changed is named; one that is gone as well.
        await PostgresFixture.ExecuteAsync(
            server.ConnectionString,
            "UPDATE feeds.feed_row SET basis = basis + 1e-9 WHERE ctid = (SELECT ctid FROM feeds.feed_row WHERE "
            + "basis IS NOT NULL LIMIT 1)");
        await FetchAsync("changed");
        (code, output, _) = await RunAsync(new ReplayCommand(), "--verify", "--data-dir", _folder.At("changed"));
        Assert.Equal(1, code);
        Assert.Contains("column basis", output, StringComparison.Ordinal);

        // One symbol alone, and a block that is damaged.
        await FetchAsync("one", "--symbols", "ETHUSDT");
        Assert.Contains(
            "of 1 symbols", (await RunAsync(new JournalCommand(), "stats", "--data-dir", _folder.At("one"))).Output,
            StringComparison.Ordinal);
        await PostgresFixture.ExecuteAsync(
            server.ConnectionString,
            "UPDATE feeds.journal_block SET content = content || '\\x00' WHERE first_sequence = (SELECT "
            + "max(first_sequence) FROM feeds.journal_block)");
        (code, _, error) = await RunAsync(
            new JournalCommand(), "fetch", "--out", _folder.At("damaged"), "--config", _folder.At("feeds.yaml"));
        Assert.Equal(1, code);
        Assert.Contains("is damaged", error, StringComparison.Ordinal);

        await RefusedAsync("is there already", "--out", _folder.At("copy"), "--config", _folder.At("feeds.yaml"));
        await RefusedAsync(
            "holds no event of these symbols", "--out", _folder.At("none"), "--config", _folder.At("feeds.yaml"),
            "--symbols", "NOPEUSDT");
        Assert.False(Path.Exists(_folder.At("none")) || Path.Exists(_folder.At("none.partial")));
        Directory.CreateDirectory(_folder.At("none.partial"));
        await File.WriteAllTextAsync(_folder.At("none.partial/precious"), "");
        await RefusedAsync("none.partial is there", "--out", _folder.At("none"), "--config", _folder.At("feeds.yaml"));
        Assert.True(File.Exists(_folder.At("none.partial/precious")));
        await RefusedAsync(
            "--symbols: ", "--out", _folder.At("bad"), "--config", _folder.At("feeds.yaml"), "--symbols", "../x");
    }

    [Fact]
    public async Task Without_a_database_in_the_configuration_there_is_nothing_to_fetch()
    {
        await File.WriteAllTextAsync(_folder.At("feeds.yaml"), "data_feeds: { interval_sec: 1 }\n");
        await RefusedAsync(
            "storage.postgres: is not set", "--out", _folder.At("copy"), "--config", _folder.At("feeds.yaml"));
    }

    private static async Task RunMemberAsync(PostgresServer server)
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            ["BTCUSDT", "ETHUSDT"], node: options => options with
            {
                Postgres = server.ConnectionString,
                Cluster = new ClusterMembership("a", static () => "http://a:8080"),
            });
        await fixture.UntilAsync(() => fixture.Node.Status().Symbols.Count == 2, 120, "the symbols are taken");
        await fixture.UntilHealthyAsync();
        await fixture.RunAsync(5);
    }

    private async Task FetchAsync(string folder, params string[] options) => Assert.Equal(
        0, (await RunAsync(
            new JournalCommand(),
            ["fetch", "--out", _folder.At(folder), "--config", _folder.At("feeds.yaml"), .. options])).Code);

    private static async Task RefusedAsync(string why, params string[] options)
    {
        ConfigurationException refused = await Assert.ThrowsAsync<ConfigurationException>(
            () => RunAsync(new JournalCommand(), ["fetch", .. options]));
        Assert.Contains(why, Assert.Single(refused.Errors), StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(Command command, params string[] words)
    {
        await using StringWriter output = new() { NewLine = "\n" };
        await using StringWriter error = new() { NewLine = "\n" };
        int code = await command.Parse(words).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        return (code, output.ToString(), error.ToString());
    }
}
