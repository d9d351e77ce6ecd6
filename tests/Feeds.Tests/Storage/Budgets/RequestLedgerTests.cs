using Feeds.Storage.Budgets;
using Feeds.Storage.Schema;
using Feeds.Tests.Storage.Postgres;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Storage.Budgets;

[Collection("postgres")]
public sealed class RequestLedgerTests(PostgresFixture server)
{
    private const long Minute = 60_000;
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_behind_one_address_spend_one_budget_with_few_round_trips()
    {
        await using PostgresDatabase database = new(PostgresFixture.Options(await server.NewDatabaseAsync()));
        await SchemaMigrator.MigrateAsync(database, Cancel);
        await using var a = Open(database);
        await using var b = Open(database);
        await using var elsewhere = Open(database, "198.51.100.7");
        var spent = await Task.WhenAll(SpendAsync(a, 0, 1000, 5), SpendAsync(b, 0, 1000, 5));
        Assert.InRange(spent.Sum(), 900, 1000);
        Assert.InRange(a.Reservations + b.Reservations, 20, 80);
        Assert.Equal(1000, await SpendAsync(elsewhere, 0, 1000, 5));

        // The next minute has its own budget; a window of five minutes does not.
        Assert.Equal(1000, await SpendAsync(a, 0, 1000, 5, Minute));
        Assert.InRange(await SpendAsync(a, 1, 500, 1), 475, 500);
        Assert.Equal(0, await SpendAsync(b, 1, 500, 1, 5 * Minute));
        Assert.InRange(await SpendAsync(b, 1, 500, 1, 7 * Minute), 475, 500);
    }

    [Fact]
    public async Task While_the_database_is_away_a_node_keeps_to_its_share()
    {
        PostgresOptions nowhere = new() { ConnectionString = "Host=127.0.0.1;Port=1;Username=u;Database=d" };
        await using PostgresDatabase database = new(nowhere);
        await using var ledger = Open(database);
        ledger.Nodes = 4;
        Assert.False(ledger.TryTake(0, 5, 1000, 0));
        while (!ledger.IsAway) await Task.Yield();
        Assert.Equal(250, await SpendAsync(ledger, 0, 1000, 5));
        Assert.Equal(250, await SpendAsync(ledger, 0, 1000, 5, Minute));
        await ledger.TellHoldAsync(1, TimeSpan.FromSeconds(10), Cancel);
        await ledger.RefreshAsync(Cancel);
    }

    [Fact]
    public async Task A_hold_of_one_is_a_hold_of_all_and_never_gets_shorter()
    {
        await using PostgresDatabase database = new(PostgresFixture.Options(await server.NewDatabaseAsync()));
        await SchemaMigrator.MigrateAsync(database, Cancel);
        await using var a = Open(database);
        await using var b = Open(database);
        List<(int Reason, TimeSpan Lasts)> held = [];
        b.Held += (reason, lasts) => held.Add((reason, lasts));
        await b.RefreshAsync(Cancel);
        Assert.Empty(held);
        await a.TellHoldAsync(2, TimeSpan.FromMinutes(10), Cancel);
        await a.TellHoldAsync(1, TimeSpan.FromMinutes(1), Cancel);
        await b.RefreshAsync(Cancel);
        var (reason, lasts) = Assert.Single(held);
        Assert.Equal(2, reason);
        Assert.InRange(lasts, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));
    }

    private RequestLedger Open(PostgresDatabase database, string address = "203.0.113.5") =>
        new(database, address, _time, [1, 6]);

    // Spends until three reservations in a row brought nothing: one that was asked for before may end in between.
    private static async Task<int> SpendAsync(RequestLedger ledger, int pool, int allowed, int weight, long time = 0)
    {
        var spent = 0;
        for (var vain = 0; vain < 3;)
        {
            var before = ledger.Reservations;
            if (ledger.TryTake(pool, weight, allowed, time))
            {
                spent += weight;
                vain = 0;
                continue;
            }

            if (ledger.IsAway) return spent;
            while (ledger.Reservations == before) await Task.Yield();
            vain++;
        }

        return spent;
    }
}
