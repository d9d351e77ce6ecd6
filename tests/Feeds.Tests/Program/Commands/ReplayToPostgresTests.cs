using System.CommandLine;
using Feeds.Commands;
using Feeds.Configuration;
using Feeds.Storage.Schema;
using Feeds.Tests.Engine;
using Feeds.Tests.Storage;
using Feeds.Tests.Storage.Postgres;
using Xunit;

namespace Feeds.Tests.Program.Commands;

/// <summary><c>feeds replay --postgres</c> of the journal of a node that ran.</summary>
[Collection("postgres")]
public sealed class ReplayToPostgresTests(PostgresFixture postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_the_tables_lack_is_written_and_what_they_have_stands()
    {
        string database = await postgres.NewDatabaseAsync();
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            ["BTCUSDT", "ETHUSDT"], node: static options => options with { Features = true });
        await fixture.UntilHealthyAsync();
        await fixture.RunAsync(15);
        await fixture.StopNodeAsync();
        string config = _folder.At("feeds.yaml");
        await File.WriteAllTextAsync(config, $"storage: {{ postgres: \"{database}\" }}\n");
        string[] words = ["--postgres", "--config", config, "--data-dir", fixture.Folder];

        (int code, string output, string error) = await RunAsync([.. words, "--symbols", "ETHUSDT"]);
        Assert.Equal((0, ""), (code, error));
        Assert.DoesNotContain("canary", output, StringComparison.Ordinal);
        (code, output, error) = await RunAsync(words);
        Assert.Equal((0, ""), (code, error));
        int rows = await StoredRows.AreThoseOfAsync(database, fixture.JournalFolder);
        Assert.Equal(rows, fixture.Rows.Count);
        Assert.Contains($" {rows / 2} were there, 0 were refused", output, StringComparison.Ordinal);

        await PostgresFixture.ExecuteAsync(
            database,
            "DELETE FROM feed_row WHERE symbol = 'BTCUSDT' AND tick IN (SELECT tick FROM feed_row ORDER BY tick "
            + "OFFSET 4 LIMIT 6)");
        await PostgresFixture.ExecuteAsync(
            database,
            "DELETE FROM feature_row f WHERE NOT EXISTS (SELECT FROM feed_row r WHERE r.symbol = f.symbol AND r.tick "
            + "= f.tick)");
        long gone = rows - await PostgresFixture.AskAsync<long>(database, "SELECT count(*) FROM feed_row");
        Assert.InRange(gone, 3, 6);
        (code, output, error) = await RunAsync(words);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith($"{gone} rows written to postgres://", output, StringComparison.Ordinal);
        Assert.Equal(rows, await StoredRows.AreThoseOfAsync(database, fixture.JournalFolder));

        // What is there is never written over; it is named.
        await PostgresFixture.ExecuteAsync(
            database,
            "UPDATE feed_row SET basis = 42 WHERE tick = (SELECT max(tick) FROM feed_row) AND symbol = 'ETHUSDT'");
        (code, output, error) = await RunAsync(words);
        Assert.Equal(1, code);
        Assert.StartsWith("refused: ETHUSDT 2026-11-20T10:", error, StringComparison.Ordinal);
        Assert.EndsWith($"{rows - 1} were there, 1 were refused", output.Trim(), StringComparison.Ordinal);
        Assert.Equal(
            42, await PostgresFixture.AskAsync<double>(
                database, "SELECT basis FROM feed_row ORDER BY tick DESC, symbol DESC LIMIT 1"));

        Assert.Contains(
            "no tick in this range", await RefusedAsync([.. words, "--from", "2030-01-01T00:00:00Z"]),
            StringComparison.Ordinal);
        Assert.Contains("one of them at a time", await RefusedAsync([.. words, "--verify"]), StringComparison.Ordinal);
        Assert.Contains("means nothing without it", await RefusedAsync(words[1..]), StringComparison.Ordinal);
        await File.WriteAllTextAsync(config, "data_feeds: { interval_sec: 1 }\n");
        Assert.Contains("storage.postgres: is not set", await RefusedAsync(words), StringComparison.Ordinal);

        // A cluster's rows are fenced by epochs that nobody outside has.
        await File.WriteAllTextAsync(config, $"storage: {{ postgres: \"{database}\" }}\n");
        await PostgresFixture.ExecuteAsync(database, "INSERT INTO symbol_lease (symbol, epoch) VALUES ('ETHUSDT', 1)");
        DatabaseException cluster = await Assert.ThrowsAsync<DatabaseException>(() => RunAsync(words));
        Assert.True(cluster.IsForPerson);
        Assert.Contains("is a cluster's", cluster.Message, StringComparison.Ordinal);
    }

    private static async Task<string> RefusedAsync(params string[] words) =>
        Assert.Single((await Assert.ThrowsAsync<ConfigurationException>(() => RunAsync(words))).Errors);

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] words)
    {
        await using StringWriter output = new() { NewLine = "\n" };
        await using StringWriter error = new() { NewLine = "\n" };
        int code = await new ReplayCommand().Parse(words).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        return (code, output.ToString(), error.ToString());
    }
}
