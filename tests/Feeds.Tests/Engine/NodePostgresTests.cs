using Feeds.Engine.Health;
using Feeds.Tests.Storage.Postgres;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>A node alone, no member of a cluster, that writes its rows to PostgreSQL too.</summary>
[Collection("postgres")]
public sealed class NodePostgresTests
{
    private static readonly string[] Names = ["BTCUSDT", "ETHUSDT"];

    [Fact]
    public async Task Rows_in_the_tables_are_those_of_the_journal_also_after_the_server_was_away_and_took_no_writes()
    {
        PostgresFixture.Require();
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using NodeFixture fixture = await StartAsync(server);
        Assert.Equal(new StoreStatus("postgres", true, "takes rows"), Assert.Single(fixture.Node.Status().Stores));

        await server.StopAsync("immediate");
        await UntilMissedAsync(fixture);
        Assert.DoesNotContain("canary", fixture.Node.Status().Stores[0].Detail, StringComparison.Ordinal);
        await server.StartAgainAsync();
        await UntilBackAsync(fixture);

        // As a standby answers that was not promoted yet.
        await server.SetReadOnlyAsync(true);
        await UntilMissedAsync(fixture);
        Assert.Contains("25006", fixture.Node.Status().Stores[0].Detail, StringComparison.Ordinal);
        await server.SetReadOnlyAsync(false);
        await UntilBackAsync(fixture);
        await fixture.RestartAsync();
        await fixture.UntilHealthyAsync();
        await fixture.StopNodeAsync();
        Assert.Equal(
            fixture.Rows.Count, await StoredRows.AreThoseOfAsync(server.ConnectionString, fixture.JournalFolder));
    }

    [Fact]
    public async Task A_backup_that_is_put_back_gets_the_rows_that_it_lacks_from_the_journal()
    {
        PostgresFixture.Require();
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using NodeFixture fixture = await StartAsync(server);
        await server.DumpAsync("postgres", server.At("backup"));
        await fixture.RunAsync(10);
        await fixture.ReplaceAsync(static options => options, async () =>
        {
            long before = await CountAsync(server);
            await server.RestoreAsync("postgres", "feeds", server.At("backup"));
            Assert.InRange(await CountAsync(server), 1, before - 15);
        });
        await fixture.UntilHealthyAsync();
        await fixture.StopNodeAsync();
        Assert.Equal(
            fixture.Rows.Count, await StoredRows.AreThoseOfAsync(server.ConnectionString, fixture.JournalFolder));
    }

    private static async Task<NodeFixture> StartAsync(PostgresServer server)
    {
        NodeFixture fixture = await NodeFixture.StartAsync(
            Names, node: options => options with { Postgres = server.ConnectionString, Features = true });
        await fixture.UntilHealthyAsync();
        return fixture;
    }

    private static async Task UntilMissedAsync(NodeFixture fixture)
    {
        await fixture.UntilAsync(
            () => fixture.Node.Status().Stores.Any(static store => !store.IsOk), 120, "the server is missed");
        await fixture.RunAsync(5);
        Assert.Equal("postgres", Assert.Single(fixture.Node.Status().Stores).Name);
    }

    private static async Task UntilBackAsync(NodeFixture fixture)
    {
        await fixture.UntilAsync(
            () => fixture.Node.Status().Stores.All(static store => store.IsOk), 120, "the server is back");
        await fixture.RunAsync(2);
    }

    private static Task<long> CountAsync(PostgresServer server) =>
        PostgresFixture.AskAsync<long>(server.ConnectionString, "SELECT count(*) FROM feed_row");
}
