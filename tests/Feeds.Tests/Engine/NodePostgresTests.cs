using System.Globalization;
using Feeds.Core.Catalogue;
using Feeds.Core.Symbols;
using Feeds.Engine.Health;
using Feeds.Storage.Replay;
using Feeds.Tests.Storage.Postgres;
using Npgsql;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>A node alone, no member of a cluster, that writes its rows to PostgreSQL too.</summary>
[Collection("postgres")]
public sealed class NodePostgresTests
{
    private static readonly string[] Names = ["BTCUSDT", "ETHUSDT"];

    [Fact]
    public async Task Rows_in_the_tables_are_those_of_the_journal_also_after_the_server_was_away()
    {
        PostgresFixture.Require();
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            Names, node: options => options with { Postgres = server.ConnectionString, Features = true });
        await fixture.UntilHealthyAsync();
        Assert.Equal(new StoreStatus("postgres", true, "takes rows"), Assert.Single(fixture.Node.Status().Stores));

        await server.StopAsync("immediate");
        await fixture.UntilAsync(() => fixture.Node.Status().Stores.Any(static store => !store.IsOk), 120, "the server is missed");
        StoreStatus missed = Assert.Single(fixture.Node.Status().Stores);
        Assert.Equal("postgres", missed.Name);
        Assert.DoesNotContain("canary", missed.Detail, StringComparison.Ordinal);
        await fixture.RunAsync(5);
        await server.StartAgainAsync();
        await fixture.UntilAsync(() => fixture.Node.Status().Stores.All(static store => store.IsOk), 120, "the server is back");
        await fixture.RestartAsync();
        await fixture.UntilHealthyAsync();
        await fixture.StopNodeAsync();

        string[] feed = await AskAsync(server, "SELECT symbol || ' ' || (extract(epoch FROM tick) * 1000)::bigint FROM feed_row ORDER BY 1");
        IReadOnlyDictionary<Feeds.Core.Market.Symbol, List<FeatureRow>> journal = FeatureRowSource.OfJournal(fixture.JournalFolder, null);
        string[] expected = [.. journal.SelectMany(static each => each.Value)
            .Select(static row => string.Create(CultureInfo.InvariantCulture, $"{row.Symbol} {row.Time}")).Order(StringComparer.Ordinal)];
        Assert.True(expected.Length > 20, $"{expected.Length} rows");
        Assert.Equal(expected, feed.Order(StringComparer.Ordinal));
        Assert.Equal(expected.Length, fixture.Rows.Count);

        // Each value of each feature row, bit for bit; unknown is NULL.
        string columns = string.Join(", ", FeatureCatalogue.Golden.Columns.Select(static column => $"\"{column}\""));
        await using NpgsqlConnection connection = await OpenAsync(server);
        await using NpgsqlCommand command = new(
            $"SELECT symbol, (extract(epoch FROM tick) * 1000)::bigint, {columns} FROM feature_row", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        int seen = 0;
        while (await reader.ReadAsync())
        {
            FeatureRow row = journal[Feeds.Core.Market.Symbol.Parse(reader.GetString(0))].Single(each => each.Time == reader.GetInt64(1));
            for (int i = 0; i < row.Values.Length; i++)
            {
                double stored = await reader.IsDBNullAsync(i + 2) ? double.NaN : reader.GetDouble(i + 2);
                Assert.Equal(BitConverter.DoubleToInt64Bits(row.Values[i]), BitConverter.DoubleToInt64Bits(stored));
            }

            seen++;
        }

        Assert.Equal(expected.Length, seen);
    }

    private static async Task<NpgsqlConnection> OpenAsync(PostgresServer server)
    {
        NpgsqlConnection connection = new(server.ConnectionString + ";Search Path=feeds;Pooling=false;Timeout=60;Command Timeout=60");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<string[]> AskAsync(PostgresServer server, string sql)
    {
        await using NpgsqlConnection connection = await OpenAsync(server);
        await using NpgsqlCommand command = new(sql, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<string> lines = [];
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return [.. lines];
    }
}
