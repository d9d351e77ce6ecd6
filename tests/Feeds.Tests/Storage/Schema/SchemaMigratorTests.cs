using Feeds.Core.Catalogue;
using Feeds.Storage.Schema;
using Feeds.Tests.Storage.Postgres;
using Xunit;

namespace Feeds.Tests.Storage.Schema;

[Collection("postgres")]
public sealed class SchemaMigratorTests(PostgresFixture server)
{
    private const string Shape =
        """
        SELECT string_agg(c.relname || '.' || a.attname || ':' || a.atttypid::regtype, E'\n' ORDER BY c.relname, a.attnum)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'feeds'::regnamespace AND a.attnum > 0
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_that_start_at_once_bring_the_schema_once()
    {
        var together = await server.NewDatabaseAsync();
        var alone = await server.NewDatabaseAsync();
        var reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MigrateAsync(together)));
        Assert.Single(reports, report => report.StepsRun > 0 && report.ColumnsAdded > 0);
        Assert.Single(reports.Select(report => report.Identity).Distinct());
        await MigrateAsync(alone);
        Assert.Equal(
            await PostgresFixture.AskAsync<string>(alone, Shape),
            await PostgresFixture.AskAsync<string>(together, Shape));
        Assert.All(reports, report => Assert.Equal(TimescaleState.Absent, report.Timescale));
    }

    [Fact]
    public async Task A_new_feature_is_a_column_at_the_end_and_the_rest_stays()
    {
        var database = await server.NewDatabaseAsync();
        await MigrateAsync(database, "one", "two");
        await PostgresFixture.ExecuteAsync(
            database,
            """
            CREATE TABLE d PARTITION OF feature_row FOR VALUES FROM ('2026-01-01') TO ('2026-01-02');
            INSERT INTO feature_row VALUES ('BTCUSDT', '2026-01-01', 1, 1.5, 2.5)
            """);
        var report = await MigrateAsync(database, "one", "new \"feature\"", "two");
        Assert.Equal((0, 1), (report.StepsRun, report.ColumnsAdded));
        Assert.Equal(
            "(BTCUSDT,\"2026-01-01 00:00:00+00\",1,1.5,2.5,)",
            await PostgresFixture.AskAsync<string>(
                database, "SET timezone = 'UTC'; SELECT feature_row::text FROM feature_row"));
    }

    [Fact]
    public async Task A_newer_major_version_is_refused_and_a_newer_minor_is_not()
    {
        var database = await server.NewDatabaseAsync();
        await MigrateAsync(database);
        await PostgresFixture.ExecuteAsync(database, "UPDATE schema_version SET minor = minor + 5");
        await MigrateAsync(database);
        await PostgresFixture.ExecuteAsync(database, "UPDATE schema_version SET major = 2");
        var refused = await Assert.ThrowsAsync<SchemaVersionException>(() => MigrateAsync(database));
        Assert.Contains("use a newer program", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schemas_name_may_be_hostile()
    {
        var database = await server.NewDatabaseAsync();
        const string name = "x\"; DROP TABLE node; -- 'ü";
        await using PostgresDatabase way = new(PostgresFixture.Options(database) with { Schema = name });
        await SchemaMigrator.MigrateAsync(way, Cancel);
        Assert.Equal(name, await PostgresFixture.AskAsync<string>(
            database,
            """
            SELECT n.nspname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = 'symbol_lease'
            """));
    }

    [Fact]
    public async Task A_database_that_forgets_what_it_confirmed_is_refused()
    {
        var database = await server.NewDatabaseAsync();
        var failure = await Assert.ThrowsAsync<DatabaseException>(
            () => MigrateAsync(database + ";Options=-c synchronous_commit=off"));
        Assert.True(failure.IsForPerson);
    }

    private static async Task<SchemaReport> MigrateAsync(string database, params string[] features)
    {
        await using PostgresDatabase way = new(PostgresFixture.Options(database));
        return await SchemaMigrator.MigrateAsync(
            way, features.Length == 0 ? FeatureCatalogue.Golden.Columns : features, Cancel);
    }
}
