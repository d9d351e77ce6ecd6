using Feeds.Core.Market;
using Feeds.Engine;
using Feeds.Storage;
using Feeds.Storage.Files;
using Feeds.Storage.Leases;
using Feeds.Storage.Schema;
using Feeds.Tests.Storage;
using Feeds.Tests.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>Where the things of a member of a cluster rest.</summary>
[Collection("postgres")]
public sealed class NodeStoreTests(PostgresFixture server) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_member_has_the_database_for_referee_and_names_its_files_by_its_start()
    {
        NodeOptions options = OptionsOf(await server.NewDatabaseAsync());
        for (int start = 1; start <= 2; start++)
        {
            await using NodeStore store = await OpenAsync(options);
            Assert.IsType<PostgresLeases>(store.Leases);
            Assert.Equal($"a@{start}", store.Leases.NodeId);
            Assert.Null(store.Changes);
            Assert.Equal(["postgres", "csv"], store.Sinks.Select(static sink => sink.Name));
            Assert.True(File.Exists(_folder.At($"rows.a@{start}.csv")));
            await Assert.ThrowsAsync<StorageLockedException>(() => OpenAsync(options));
        }
    }

    [Fact]
    public async Task A_database_that_is_away_leaves_nothing_open_and_is_no_matter_for_a_person()
    {
        NodeOptions options = OptionsOf("Host=127.0.0.1;Port=1;Username=feeds;Password=canary-4c1d;Database=feeds");
        DatabaseException away = await Assert.ThrowsAsync<DatabaseException>(() => OpenAsync(options));
        Assert.False(away.IsForPerson);
        Assert.DoesNotContain("canary", away.ToString(), StringComparison.Ordinal);
        FolderLocks.Take(options.DataDirectory).Dispose();
    }

    [Fact]
    public void The_options_of_a_node_do_not_show_the_password() =>
        Assert.DoesNotContain("canary", OptionsOf("Host=a;Password=canary-4c1d").ToString(), StringComparison.Ordinal);

    private static Task<NodeStore> OpenAsync(NodeOptions options) =>
        NodeStore.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, Cancel);

    private NodeOptions OptionsOf(string connection) => new()
    {
        Symbols = [Symbol.Parse("BTCUSDT")],
        RestUrl = new Uri("http://127.0.0.1:1"),
        StreamUrl = new Uri("ws://127.0.0.1:1"),
        DataDirectory = _folder.At("data"),
        CsvPath = _folder.At("rows.csv"),
        Postgres = connection,
        Cluster = new ClusterMembership("a", static () => "http://a:8080"),
    };
}
