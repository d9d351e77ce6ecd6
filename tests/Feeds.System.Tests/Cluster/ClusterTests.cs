using System.Globalization;
using Feeds.Core.Market;
using Feeds.Engine.Sharding;
using Feeds.System.Tests.Program;
using Xunit;

namespace Feeds.System.Tests.Cluster;

/// <summary>
/// What a cluster promises, each promise with real processes. FEEDS_LONG=1 has a database away for a minute instead of
/// 15 s.
/// </summary>
public sealed class ClusterTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private const int SigStop = 19;
    private const int SigCont = 18;
    private const int SigKill = 9;

    // Past what is promised (lease and one renewal): how slow a busy machine may be at starting symbols and at asking.
    private static readonly TimeSpan LongestGap =
        TimeSpan.FromSeconds((ClusterRig.TtlSec * 4 / 3) + ClusterRig.IntervalSec) + TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_node_that_is_killed_loses_its_symbols_to_the_others()
    {
        ClusterRig rig = await fixture.WholeAsync();
        DateTimeOffset since = TimeProvider.System.GetUtcNow();
        rig.Node("node2").Signal(SigKill);
        await rig.EndAsync("node2");
        await rig.Table.UntilTakenFromAsync("node2");
        await rig.Table.UntilFreshAsync();
        await CheckAsync(rig, since, LongestGap);
    }

    [Fact]
    public async Task A_node_that_freezes_in_the_middle_of_a_write_keeps_nothing_and_drops_what_it_lost()
    {
        ClusterRig rig = await fixture.WholeAsync();
        DateTimeOffset since = TimeProvider.System.GetUtcNow();
        await rig.Database("node1").HoldCopyAsync();
        rig.Node("node1").Signal(SigStop);
        await rig.Table.UntilTakenFromAsync("node1");
        rig.Database("node1").LetGo();
        rig.Node("node1").Signal(SigCont);
        await rig.UntilPageAsync("node1", "/cluster", "\"may_release\":true");
        Assert.Contains("is another node's by now", rig.Node("node1").Errors, StringComparison.Ordinal);
        await rig.UntilPlacedAsync();
        await CheckAsync(rig, since, LongestGap);
    }

    [Fact]
    public async Task With_the_database_away_nothing_is_released_and_nothing_lost()
    {
        ClusterRig rig = await fixture.WholeAsync();
        DateTimeOffset since = TimeProvider.System.GetUtcNow();
        await rig.Server.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(IsLong ? 60 : 15));
        foreach (string name in rig.Names)
        {
            await rig.UntilPageAsync(name, "/health", "lease: not good, rows wait");
        }

        await rig.Server.StartAgainAsync();
        await rig.UntilPlacedAsync();
        await CheckAsync(rig, since, TimeSpan.FromSeconds(ClusterRig.IntervalSec));
    }

    [Fact]
    public async Task With_a_database_that_takes_no_writes_nothing_is_released_and_nothing_lost()
    {
        ClusterRig rig = await fixture.WholeAsync();
        DateTimeOffset since = TimeProvider.System.GetUtcNow();
        await rig.Server.SetReadOnlyAsync(true);
        foreach (string name in rig.Names)
        {
            await rig.UntilPageAsync(name, "/health", "lease: not good, rows wait");
            await rig.UntilPageAsync(name, "/health", "25006");
        }

        await rig.Server.SetReadOnlyAsync(false);
        await rig.UntilPlacedAsync();
        await CheckAsync(rig, since, TimeSpan.FromSeconds(ClusterRig.IntervalSec));
    }

    [Fact]
    public async Task A_node_cut_off_from_the_database_alone_loses_its_symbols_once_and_gets_them_back_once()
    {
        ClusterRig rig = await fixture.WholeAsync();
        DateTimeOffset since = TimeProvider.System.GetUtcNow();
        long before = await rig.Table.AskAsync<long>(
            "SELECT sum(epoch)::bigint FROM symbol_lease WHERE owner LIKE 'node1@%'");
        long count = await rig.Table.AskAsync<long>("SELECT count(*) FROM symbol_lease WHERE owner LIKE 'node1@%'");
        rig.Database("node1").Cut();
        await rig.Table.UntilTakenFromAsync("node1");
        await rig.Table.UntilFreshAsync();
        rig.Database("node1").Heal();
        await rig.UntilPlacedAsync();
        await CheckAsync(rig, since, LongestGap);
        Assert.Equal(
            before + (2 * count),
            await rig.Table.AskAsync<long>("SELECT sum(epoch)::bigint FROM symbol_lease WHERE owner LIKE 'node1@%'"));
    }

    [Fact]
    public async Task A_node_cut_off_from_the_exchange_alone_keeps_its_symbols_and_says_what_is_missing()
    {
        ClusterRig rig = await fixture.WholeAsync();
        DateTimeOffset since = TimeProvider.System.GetUtcNow();
        Dictionary<string, string?> owners = await rig.Table.OwnersAsync();
        rig.Exchange("node3").Cut();
        await rig.Table.UntilAsync(
            """
            SELECT bool_and(r.source_errors LIKE '%depth%') FROM symbol_lease l
            JOIN LATERAL (SELECT source_errors FROM feed_row WHERE symbol = l.symbol ORDER BY tick DESC LIMIT 1) r ON true
            WHERE l.owner LIKE 'node3@%'
            """);
        rig.Exchange("node3").Heal();
        await rig.Table.UntilAsync(
            """
            SELECT bool_and(r.source_errors NOT LIKE '%depth%') FROM symbol_lease l
            JOIN LATERAL (SELECT source_errors FROM feed_row WHERE symbol = l.symbol ORDER BY tick DESC LIMIT 1) r ON true
            WHERE l.owner LIKE 'node3@%'
            """);
        await CheckAsync(rig, since, TimeSpan.FromSeconds(ClusterRig.IntervalSec));
        Assert.Equal(
            owners.OrderBy(static each => each.Key), (await rig.Table.OwnersAsync()).OrderBy(static each => each.Key));
    }

    [Fact]
    public async Task A_rolling_restart_of_all_nodes_loses_no_tick()
    {
        ClusterRig rig = await fixture.WholeAsync();
        DateTimeOffset since = TimeProvider.System.GetUtcNow();
        foreach (string name in rig.Names.ToArray())
        {
            rig.Node(name).Signal(FeedsProgram.SigTerm);
            Assert.Equal(0, await rig.EndAsync(name));
            rig.Start(name);
            await rig.UntilPlacedAsync();
        }

        Assert.DoesNotContain("without draining", rig.Log, StringComparison.Ordinal);
        await CheckAsync(rig, since, TimeSpan.FromSeconds(ClusterRig.IntervalSec));
    }

    [Fact]
    public async Task A_node_that_joins_gets_its_share_and_gives_it_back_when_asked_to_leave_and_no_tick_is_lost()
    {
        ClusterRig rig = await fixture.WholeAsync();
        Dictionary<string, string?> before = await rig.Table.OwnersAsync();
        string[] share = [.. ClusterRig.Symbols.Where(static symbol =>
            Rendezvous.OwnerOf(Symbol.Parse(symbol), ["node1", "node2", "node3", "node4"]) == "node4")];
        Assert.InRange(share.Length, 1, 4);
        DateTimeOffset since = TimeProvider.System.GetUtcNow();
        rig.Start("node4");
        await rig.UntilPlacedAsync();
        Dictionary<string, string?> after = await rig.Table.OwnersAsync();
        Assert.Equal(
            share.Order(),
            after.Where(lease => before[lease.Key] != lease.Value).Select(static lease => lease.Key).Order());
        await rig.CommandAsync("node1", "cluster", "leave", "node4");
        Assert.Equal(0, await rig.EndAsync("node4"));
        await rig.UntilPlacedAsync();
        await CheckAsync(rig, since, TimeSpan.FromSeconds(ClusterRig.IntervalSec));
    }

    [Fact]
    public async Task A_symbol_added_anywhere_is_its_owners_at_once_and_one_removed_is_nobodys()
    {
        ClusterRig rig = await fixture.WholeAsync();
        Symbol symbol = Symbol.Parse(ClusterRig.Spare);
        string owner = Rendezvous.OwnerOf(symbol, rig.Names)!;
        string other = rig.Names.First(name => name != owner);
        await rig.CommandAsync(other, "symbols", "add", ClusterRig.Spare);
        await rig.Table.UntilAsync($"SELECT owner LIKE '{owner}@%' FROM symbol_lease WHERE symbol = '{symbol}'");
        await NoteDelayAsync(rig, "taken");
        foreach (string name in rig.Names)
        {
            await rig.UntilPageAsync(name, "/cluster", $"\"symbol\":\"{symbol}\",\"owner\":\"{owner}@");
        }

        await rig.Table.UntilFreshAsync();
        await rig.CommandAsync(other, "symbols", "remove", ClusterRig.Spare);
        await rig.Table.UntilAsync($"SELECT owner IS NULL FROM symbol_lease WHERE symbol = '{symbol}'");
        await NoteDelayAsync(rig, "released");
        await rig.Table.CheckAsync();
    }

    [Fact]
    public async Task What_a_node_starts_into_is_waited_for()
    {
        ClusterRig rig = await fixture.WholeAsync();
        rig.Node("node2").Signal(FeedsProgram.SigTerm);
        Assert.Equal(0, await rig.EndAsync("node2"));
        await rig.Server.StopAsync("immediate");
        rig.Start("node2");
        await rig.UntilPageAsync("node2", "/health", "the schema cannot be brought up to date");
        await rig.Server.StartAgainAsync();
        await rig.UntilPlacedAsync();
        await rig.Table.CheckAsync();
    }

    private static bool IsLong => Environment.GetEnvironmentVariable("FEEDS_LONG") == "1";

    // By the database's clock alone: from the change of the set to the change of the lease.
    private static async Task NoteDelayAsync(ClusterRig rig, string what)
    {
        TimeSpan delay = await rig.Table.AskAsync<TimeSpan>(
            $"SELECT l.changed_at - s.changed_at FROM symbol s JOIN symbol_lease l USING (symbol) WHERE symbol = "
            + $"'{ClusterRig.Spare}'");
        Note(string.Create(CultureInfo.InvariantCulture, $"{what} after {delay.TotalMilliseconds:0} ms"));
        Assert.True(delay < TimeSpan.FromSeconds(30), $"{what} after {delay}");
    }

    private static async Task CheckAsync(ClusterRig rig, DateTimeOffset since, TimeSpan longest)
    {
        await rig.Table.CheckAsync();
        TimeSpan gap = await rig.Table.LargestGapAsync(since);
        int rows = await rig.Table.CheckFoldAsync();
        Note(string.Create(
            CultureInfo.InvariantCulture,
            $"largest gap {gap.TotalSeconds:0} s, {rows} rows are the fold of the journal"));
        Assert.True(gap <= longest, $"largest gap {gap}\n{rig.Log}");
    }

    private static void Note(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
