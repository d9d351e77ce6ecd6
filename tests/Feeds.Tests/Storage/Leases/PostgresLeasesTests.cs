using Feeds.Core.Market;
using Feeds.Storage.Leases;
using Feeds.Storage.Schema;
using Feeds.Tests.Storage.Postgres;
using Npgsql;
using Xunit;

namespace Feeds.Tests.Storage.Leases;

[Collection("postgres")]
public sealed class PostgresLeasesTests(PostgresFixture server) : IAsyncLifetime
{
    private static readonly Symbol Btc = Symbol.Parse("BTCUSDT");
    private static readonly Symbol Odd = Symbol.Parse("币安人生USDT");
    private readonly List<PostgresLeases> _opened = [];
    private string _database = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await server.NewDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var leases in _opened) await leases.DisposeAsync();
    }

    [Fact]
    public async Task A_symbol_is_taken_when_it_is_released_or_its_owner_is_dead_and_the_epoch_rises()
    {
        var a = await JoinAsync("a");
        var b = await JoinAsync("b");
        Assert.True(await a.AddSymbolAsync(Btc, Cancel));
        Assert.True(await b.AddSymbolAsync(Odd, Cancel));
        Assert.False(await b.AddSymbolAsync(Btc, Cancel));

        Assert.Equal([new(Btc, a.NodeId, 1), new(Odd, a.NodeId, 1)], await a.TakeAsync([Btc, Odd], Cancel));
        Assert.Empty(await b.TakeAsync([Btc, Odd], Cancel));

        await a.ReleaseAsync([new SymbolLease(Btc, a.NodeId, 1), new SymbolLease(Odd, a.NodeId, 7)], Cancel);
        Assert.Equal([new SymbolLease(Btc, b.NodeId, 2)], await b.TakeAsync([Btc, Odd], Cancel));

        await ExpireAsync(a);
        Assert.Equal([new SymbolLease(Odd, b.NodeId, 2)], await b.TakeAsync([Btc, Odd], Cancel));
        var view = await b.RenewAsync(Cancel);
        Assert.Equal([new(Btc, b.NodeId, 2), new(Odd, b.NodeId, 2)], view.Symbols);
        Assert.Equal([false, true], view.Members.Select(member => member.IsAlive));
        Assert.All(view.Members, member => Assert.InRange(view.DatabaseTime - member.StartTime, 0, 600_000));
    }

    [Fact]
    public async Task A_node_that_was_late_renews_what_nobody_took_and_a_dead_one_takes_nothing()
    {
        var a = await JoinAsync("a");
        await a.AddSymbolAsync(Btc, Cancel);
        await a.TakeAsync([Btc], Cancel);
        await ExpireAsync(a);
        await a.AddSymbolAsync(Odd, Cancel);
        Assert.Empty(await a.TakeAsync([Odd], Cancel));
        var view = await a.RenewAsync(Cancel);
        Assert.Equal(new SymbolLease(Btc, a.NodeId, 1), view.Symbols[0]);
        Assert.Single(await a.TakeAsync([Odd], Cancel));
    }

    [Fact]
    public async Task Removed_symbols_keep_their_epochs()
    {
        var a = await JoinAsync("a");
        await a.AddSymbolAsync(Btc, Cancel);
        var taken = await a.TakeAsync([Btc], Cancel);
        Assert.True(await a.RemoveSymbolAsync(Btc, Cancel));
        Assert.False(await a.RemoveSymbolAsync(Btc, Cancel));
        Assert.Empty((await a.RenewAsync(Cancel)).Symbols);
        await a.ReleaseAsync(taken, Cancel);
        Assert.True(await a.AddSymbolAsync(Btc, Cancel));
        Assert.Equal(2, Assert.Single(await a.TakeAsync([Btc], Cancel)).Epoch);
    }

    [Fact]
    public async Task A_second_process_of_the_same_name_is_refused_while_the_first_is_alive()
    {
        var first = await JoinAsync("same");
        var second = await OpenAsync("same");
        Assert.Equal(("same@1", "same@2"), (first.NodeId, second.NodeId));
        var refused = await Assert.ThrowsAsync<NodeAliveException>(() => second.RenewAsync(Cancel));
        Assert.Equal("same@1", refused.NodeId);
        Assert.InRange(refused.ExpiresIn, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));

        await ExpireAsync(first);
        await second.RenewAsync(Cancel);
        await Assert.ThrowsAsync<LeaseLostException>(() => first.RenewAsync(Cancel));

        await second.LeaveAsync(Cancel);
        await (await OpenAsync("same")).RenewAsync(Cancel);
    }

    [Fact]
    public async Task Draining_and_leaving_give_everything_up()
    {
        var a = await JoinAsync("a");
        var b = await JoinAsync("b");
        await a.AddSymbolAsync(Btc, Cancel);
        await a.TakeAsync([Btc], Cancel);
        Assert.True(await b.DrainAsync("a", Cancel));
        Assert.False(await b.DrainAsync("nobody", Cancel));
        Assert.True((await a.RenewAsync(Cancel)).Members[0].IsDraining);
        await a.AddSymbolAsync(Odd, Cancel);
        Assert.Empty(await a.TakeAsync([Odd], Cancel));
        await a.LeaveAsync(Cancel);
        Assert.Equal(2, (await b.TakeAsync([Btc, Odd], Cancel)).Count);
        Assert.Equal([b.NodeId], (await b.RenewAsync(Cancel)).Members.Select(member => member.NodeId));
        await Assert.ThrowsAsync<LeaseLostException>(() => a.RenewAsync(Cancel));
    }

    [Fact]
    public async Task Takers_at_once_never_get_the_same_epoch_of_a_symbol_twice()
    {
        Symbol[] symbols = [.. Enumerable.Range(0, 6).Select(i => Symbol.Parse($"S{i}USDT"))];
        PostgresLeases[] nodes = [await JoinAsync("a"), await JoinAsync("b"), await JoinAsync("c")];
        foreach (var symbol in symbols) await nodes[0].AddSymbolAsync(symbol, Cancel);
        var taken = new List<SymbolLease>[nodes.Length];
        await Task.WhenAll(nodes.Select(async (node, index) =>
        {
            Random random = new(index);
            taken[index] = [];
            for (var round = 0; round < 30; round++)
            {
                try
                {
                    var got = await node.TakeAsync([.. symbols.Where(_ => random.Next(2) == 0)], Cancel);
                    taken[index].AddRange(got);
                    if (random.Next(8) == 0) await ExpireAsync(node);
                    var own = (await node.RenewAsync(Cancel)).Symbols.Where(lease => lease.Owner == node.NodeId);
                    await node.ReleaseAsync([.. own.Where(_ => random.Next(2) == 0)], Cancel);
                }
                catch (DatabaseException failure) when (!failure.IsForPerson)
                {
                    // The sessions of a node that let its lease run out are ended by whoever takes its symbols.
                }
            }
        }));

        var view = await nodes[0].RenewAsync(Cancel);
        foreach (var symbol in symbols)
        {
            long[] epochs = [.. taken.SelectMany(list => list).Where(l => l.Symbol == symbol).Select(l => l.Epoch)
                .Order()];
            Assert.Equal(epochs.Distinct(), epochs);
            Assert.InRange(epochs.Length, 3, epochs[^1]);
            Assert.InRange(view.Symbols.Single(lease => lease.Symbol == symbol).Epoch, epochs[^1], 90);
        }
    }

    [Fact]
    public async Task A_referee_that_went_backwards_is_refused()
    {
        using TemporaryFolder folder = new();
        var a = await JoinAsync("a", folder.At("referee.json"));
        await a.AddSymbolAsync(Btc, Cancel);
        await a.TakeAsync([Btc], Cancel);
        await PostgresFixture.ExecuteAsync(_database, "UPDATE symbol_lease SET epoch = 0, owner = NULL");
        var refused = await Assert.ThrowsAsync<RefereeWentBackException>(() => a.RenewAsync(Cancel));
        Assert.Contains("BTCUSDT is at epoch 0, this node has seen 1", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RefereeWentBackException>(() => a.RenewAsync(Cancel));

        // The folder remembers over a restart, and an empty database is another referee.
        await PostgresFixture.ExecuteAsync(_database, "DELETE FROM node");
        await PostgresFixture.ExecuteAsync(_database, "DELETE FROM symbol_lease");
        var again = await OpenAsync("a", folder.At("referee.json"));
        await Assert.ThrowsAsync<RefereeWentBackException>(() => again.RenewAsync(Cancel));
        await PostgresFixture.ExecuteAsync(_database, "UPDATE node_start SET number = 0");
        await Assert.ThrowsAsync<RefereeWentBackException>(() => OpenAsync("a", folder.At("referee.json")));
        await PostgresFixture.ExecuteAsync(_database, "DROP SCHEMA feeds CASCADE");
        await Assert.ThrowsAsync<RefereeWentBackException>(() => OpenAsync("a", folder.At("referee.json")));
    }

    [Fact]
    public async Task Changes_of_others_are_announced_and_a_lost_listener_comes_back()
    {
        var a = await JoinAsync("a");
        var b = await JoinAsync("b");
        await b.WaitForChangeAsync(Cancel);
        await a.AddSymbolAsync(Btc, Cancel);
        await b.WaitForChangeAsync(Cancel);

        await PostgresFixture.ExecuteAsync(
            _database,
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'feeds/{b.NodeId}'");
        await b.WaitForChangeAsync(Cancel);
        await a.RemoveSymbolAsync(Btc, Cancel);
        await b.WaitForChangeAsync(Cancel);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_writer_that_froze_inside_its_transaction_does_not_keep_its_symbols(bool sendingRows)
    {
        var a = await JoinAsync("a");
        var b = await JoinAsync("b");
        await a.AddSymbolAsync(Btc, Cancel);
        await a.TakeAsync([Btc], Cancel);
        await PostgresFixture.ExecuteAsync(_database, "CREATE TABLE zombie (id bigint)");

        await using var frozen = await a.Database.ConnectAsync(Cancel);
        await using var transaction = await frozen.BeginTransactionAsync(Cancel);
        await using (NpgsqlCommand fence = new("SELECT 1 FROM symbol_lease WHERE epoch = 1 FOR SHARE", frozen))
            Assert.Equal(1, await fence.ExecuteScalarAsync(Cancel));
        Stream? copy = null;
        if (sendingRows)
        {
            // Half a COPY: the session is active for ever, and no timeout of it counts.
            copy = await frozen.BeginRawBinaryCopyAsync("COPY zombie FROM STDIN (FORMAT binary)", Cancel);
            await copy.WriteAsync("PGCOPY\n\xff\r\n\0"u8.ToArray(), Cancel);
            await copy.FlushAsync(Cancel);
        }

        await ExpireAsync(a);
        Assert.Equal(2, Assert.Single(await b.TakeAsync([Btc], Cancel)).Epoch);
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () =>
        {
            if (copy is not null) await copy.DisposeAsync();
            await transaction.CommitAsync(Cancel);
        });
    }

    [Fact]
    public async Task Secrets_are_in_no_message()
    {
        PostgresOptions options = new() { ConnectionString = "Host=127.0.0.1;Port=1;Username=u;Password=canary-7d1f" };
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => PostgresLeases.OpenAsync(
            new PostgresLeasesOptions { Name = "a" }, options, TimeProvider.System, Cancel));
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
        var unread = await Assert.ThrowsAnyAsync<Exception>(() => PostgresLeases.OpenAsync(
            new PostgresLeasesOptions { Name = "a" },
            options with { ConnectionString = "canary-7d1f=x;Port=canary-7d1f" },
            TimeProvider.System, Cancel));
        Assert.DoesNotContain("canary", unread.ToString(), StringComparison.Ordinal);
    }

    private async Task<PostgresLeases> JoinAsync(string name, string? memory = null)
    {
        var leases = await OpenAsync(name, memory);
        await leases.RenewAsync(Cancel);
        return leases;
    }

    private async Task<PostgresLeases> OpenAsync(string name, string? memory = null)
    {
        var leases = await PostgresLeases.OpenAsync(
            new PostgresLeasesOptions { Name = name, LeaseTime = TimeSpan.FromMinutes(1), MemoryPath = memory },
            PostgresFixture.Options(_database), TimeProvider.System, Cancel);
        _opened.Add(leases);
        return leases;
    }

    // The referee's clock decides, so time is moved there.
    private Task ExpireAsync(PostgresLeases leases) => PostgresFixture.ExecuteAsync(
        _database,
        $"UPDATE node SET expires_at = clock_timestamp() - interval '1 s' WHERE node_id = '{leases.NodeId}'");
}
