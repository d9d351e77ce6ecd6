using Feeds.Binance.Limits;
using Feeds.Engine.Polling;
using Feeds.Storage.Budgets;
using Feeds.Storage.Schema;
using Feeds.Tests.Storage.Postgres;
using Xunit;

namespace Feeds.Tests.Engine.Polling;

[Collection("postgres")]
public sealed class AddressBudgetTests(PostgresFixture server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ban_of_one_node_stops_all_and_requests_are_paid_out_of_one_account()
    {
        await using PostgresDatabase database = new(PostgresFixture.Options(await server.NewDatabaseAsync()));
        await SchemaMigrator.MigrateAsync(database, Cancel);
        using WeightPlanner a = new(new WeightPlannerOptions(), TimeProvider.System);
        using WeightPlanner b = new(new WeightPlannerOptions(), TimeProvider.System);
        await using AddressBudget ofA = new(a, Open(database), static () => 2, TimeProvider.System);
        await using AddressBudget ofB = new(b, Open(database), static () => 2, TimeProvider.System);
        (await a.AcquireAsync(RequestCost.OfWeight(40), RequestPriority.Tick, Cancel)).Complete(
            new RequestOutcome(200));
        Assert.InRange(
            await PostgresFixture.AskAsync<long>(
                database.Options.ConnectionString, "SELECT sum(used) FROM request_use"), 40, 500);

        a.Hold(HoldReason.Banned, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + 600_000);
        while (b.HoldReason != HoldReason.Banned) await Task.Delay(50, Cancel);
    }

    private static RequestLedger Open(PostgresDatabase database) =>
        new(database, "fapi.example", TimeProvider.System, AddressBudget.Windows);
}
