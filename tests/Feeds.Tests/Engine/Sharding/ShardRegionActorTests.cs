using Feeds.Actors;
using Feeds.Core.Market;
using Feeds.Engine.Sharding;
using Feeds.Storage.Leases;
using Feeds.Tests.Actors;
using Feeds.Tests.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Feeds.Tests.Engine.Sharding;

public sealed class ShardRegionActorTests : IAsyncDisposable
{
    private static readonly ShardOptions Options = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly ScriptedLeases _leases = new("AAA", "BBB");
    private readonly RecordedShards _shards = new();
    private readonly HeldLeases _held = new();
    private readonly ShardGauges _gauges = new();
    private readonly List<Exception> _failures = [];
    private readonly RegionOutcome _outcome;
    private readonly LeaseDeadline _deadline;
    private readonly ActorSystem _system;
    private readonly ActorRef<ShardMessage> _region;

    public ShardRegionActorTests()
    {
        _leases.Now = () => _clock.GetUtcNow().ToUnixTimeMilliseconds();
        _outcome = new RegionOutcome(_failures.Add);
        _deadline = new LeaseDeadline(_clock, Options.LeaseTtl, Options.Margin);
        _system = new ActorSystem("test", _clock);
        _region = _system.ActorOf(
            new Props<ShardMessage>(() => new ShardRegionActor(
                _leases, _held, _deadline, () => _shards, Options, _gauges, _outcome, NullLogger.Instance)),
            "shards");
    }

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        await _leases.DisposeAsync();
    }

    [Fact]
    public async Task At_first_it_takes_what_it_should_have()
    {
        await PlaceAsync();
        Assert.Equal(["start AAA 1", "start BBB 1"], _shards.Done);
        Assert.Equal(1, _held.EpochOf(Symbol.Parse("AAA")));
        Assert.True(_deadline.MayRelease);
    }

    [Fact]
    public async Task The_lease_is_renewed_three_times_in_its_life()
    {
        await PlaceAsync();
        int before = _leases.Renewals;
        await RunAsync(10.5);
        Assert.True(_leases.Renewals - before <= 4);
        await UntilAsync(() => _leases.Renewals >= before + 6 && _deadline.MayRelease);
    }

    [Fact]
    public async Task Rows_are_held_back_before_the_lease_can_end_and_flow_when_it_is_renewed()
    {
        await PlaceAsync();
        _leases.Failure = ScriptedLeases.Away;
        await UntilAsync(() => !_deadline.MayRelease);
        Assert.NotNull(_gauges.Trouble);
        Assert.Equal(2, _held.All.Count);
        _leases.Failure = null;
        await UntilAsync(() => _deadline.MayRelease);
        Assert.Null(_gauges.Trouble);

        // Nobody took them meanwhile: nothing was dropped.
        Assert.Equal(["start AAA 1", "start BBB 1"], _shards.Done);
    }

    [Fact]
    public async Task What_was_taken_over_meanwhile_is_dropped_before_anything_else()
    {
        await PlaceAsync();
        _leases.Give("AAA", "b@1", 2);
        _leases.Others = ["b@1"];
        await RefreshAsync();
        Assert.Equal(["start AAA 1", "start BBB 1", "drop AAA 1"], _shards.Done);
        Assert.Equal(0, _held.EpochOf(Symbol.Parse("AAA")));
        Assert.Equal(1, _gauges.Lost);
    }

    [Fact]
    public async Task A_refused_write_drops_the_symbol_at_once()
    {
        await PlaceAsync();
        _held.Refused(new SymbolLease(Symbol.Parse("AAA"), "a@1", 1));
        await Eventually.True(() => _shards.Done.Contains("drop AAA 1"), "dropped");
    }

    [Fact]
    public async Task A_symbol_removed_is_ended_and_released()
    {
        await PlaceAsync();
        await _leases.RemoveSymbolAsync(Symbol.Parse("BBB"), CancellationToken.None);
        await RefreshAsync();
        Assert.Equal("end BBB 1", _shards.Done[^1]);
        Assert.Equal([new SymbolLease(Symbol.Parse("BBB"), "a@1", 1)], _leases.Released);
    }

    [Fact]
    public async Task A_change_that_is_announced_is_acted_on_at_once()
    {
        await PlaceAsync();
        _leases.Give("CCC", null, 0);
        _leases.Announce();
        await Eventually.True(() => _shards.Done.Contains("start CCC 1"), "taken");
    }

    [Fact]
    public async Task Symbols_are_handed_over_to_a_node_that_stays_and_renewals_go_on_meanwhile()
    {
        _leases.Give("AAA", null, 0);
        await PlaceAsync();
        TaskCompletionSource slow = new();
        _shards.HandingOver = slow.Task;
        _leases.Others = ["b@1", "c@1", "d@1", "e@1", "f@1", "g@1"];
        string[] leaving = [.. new[] { "AAA", "BBB" }.Where(
            symbol => Rendezvous.OwnerOf(Symbol.Parse(symbol), ["a@1", .. _leases.Others]) != "a@1")];
        Assert.NotEmpty(leaving);
        await UntilAsync(() => _shards.Done.Any(static done => done.StartsWith("hand over", StringComparison.Ordinal)));
        int before = _leases.Renewals;
        await UntilAsync(() => _leases.Renewals > before + 4 && _deadline.MayRelease);
        Assert.Empty(_leases.Released);
        Assert.Equal(2, _held.All.Count);
        slow.SetResult();
        await UntilAsync(() => _leases.Released.Count == leaving.Length);
        Assert.Equal(2 - leaving.Length, _held.All.Count);
    }

    [Fact]
    public async Task A_start_that_fails_is_tried_again_with_the_lease_that_is_its_own()
    {
        await PlaceAsync();
        _shards.Failure = ScriptedLeases.Away;
        _leases.Give("CCC", null, 4);
        await UntilAsync(() => _leases.Of("CCC").Owner == "a@1");
        await RunAsync(3);
        Assert.DoesNotContain("CCC", string.Join(' ', _shards.Done), StringComparison.Ordinal);
        _shards.Failure = null;
        await UntilAsync(() => _shards.Done.Contains("take over CCC 5"));
        Assert.Equal(5, _held.EpochOf(Symbol.Parse("CCC")));
    }

    [Fact]
    public async Task A_symbol_that_was_stopped_for_another_node_which_is_gone_by_now_is_started_again()
    {
        await PlaceAsync();
        _shards.HandingOver = Task.FromException(ScriptedLeases.Away);
        _leases.Others = ["b@1", "c@1", "d@1", "e@1", "f@1", "g@1"];
        await UntilAsync(() => _shards.Done.Any(static done => done.StartsWith("hand over", StringComparison.Ordinal)));
        _leases.Others = [];
        await UntilAsync(() => _shards.Running.Count == 2);
        Assert.Empty(_leases.Released);
        Assert.Contains(_shards.Done, static done => done.StartsWith("take over", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_symbol_that_runs_under_a_lease_that_is_held_no_longer_is_dropped_before_it_is_started_again()
    {
        await PlaceAsync();

        // A refused write drops the lease before the region hears of it; by then another had the symbol and left it.
        Symbol aaa = Symbol.Parse("AAA");
        Assert.True(_held.Drop(new SymbolLease(aaa, "a@1", 1)));
        _leases.Give("AAA", null, 2);
        await RefreshAsync();
        Assert.Equal(["drop AAA 1", "start AAA 3"], _shards.Done.Skip(2));
        Assert.Equal(3, _held.EpochOf(aaa));
    }

    [Fact]
    public async Task A_node_that_is_no_member_any_more_fails_and_releases_nothing()
    {
        await PlaceAsync();
        _leases.Failure = new LeaseLostException("referee", "a@1");
        await UntilAsync(() => _failures.Count > 0);
        Assert.False(_deadline.MayRelease);
    }

    [Fact]
    public async Task A_name_whose_process_may_just_have_been_killed_is_waited_for_until_its_lease_ends()
    {
        _leases.Failure = Alive(7);
        _region.Tell(new ShardMessage.Due());

        // Its own renewals go on meanwhile, and each finds the name taken.
        await RunAsync(6.5);
        Assert.True(_leases.Renewals > 1);
        Assert.False(_outcome.Placed.Task.IsCompleted);
        _leases.Failure = null;
        await UntilAsync(() => _outcome.Placed.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_name_that_another_process_keeps_is_refused()
    {
        _leases.Failure = Alive(7);
        _region.Tell(new ShardMessage.Due());
        await RunAsync(3);
        _leases.Failure = Alive(9);
        await UntilAsync(() => _outcome.Placed.Task.IsFaulted);
        await Assert.ThrowsAsync<NodeAliveException>(() => _outcome.Placed.Task);
    }

    private static NodeAliveException Alive(int seconds) => new("referee", "a@0", TimeSpan.FromSeconds(seconds));

    [Fact]
    public async Task A_node_asked_to_leave_says_so_and_moves_nothing()
    {
        await PlaceAsync();
        _leases.IsDraining = true;
        await UntilAsync(() => _outcome.Draining.Task.IsCompleted);
        Assert.Equal(2, _held.All.Count);
    }

    [Fact]
    public async Task A_node_that_stops_hands_all_over_and_takes_nothing_any_more()
    {
        await PlaceAsync();
        Assert.True(await DrainAsync(handOver: true));
        Assert.Equal(["hand over AAA 1", "hand over BBB 1"], _shards.Done.Skip(2));
        Assert.Equal(2, _leases.Released.Count);
        Assert.Empty(_held.All);
        int before = _leases.Renewals;
        await UntilAsync(() => _leases.Renewals > before + 3);
        Assert.Empty(_held.All);
        Assert.True(_deadline.MayRelease);
    }

    [Fact]
    public async Task A_move_that_is_under_way_does_not_hold_up_a_stop()
    {
        await PlaceAsync();
        _shards.HandingOver = new TaskCompletionSource().Task;
        _leases.Others = ["b@1", "c@1", "d@1", "e@1", "f@1", "g@1"];
        await UntilAsync(() => _shards.Done.Any(static done => done.StartsWith("hand over", StringComparison.Ordinal)));
        _shards.HandingOver = Task.CompletedTask;
        Assert.True(await DrainAsync(handOver: true));
        Assert.Equal(["AAA", "BBB"], _leases.Released.Select(static lease => lease.Symbol.Text).Order());
    }

    [Fact]
    public async Task A_hand_over_that_fails_is_not_tried_again()
    {
        await PlaceAsync();
        _shards.HandingOver = Task.FromException(ScriptedLeases.Away);
        Assert.False(await DrainAsync(handOver: true));
        Assert.Empty(_leases.Released);
    }

    [Fact]
    public async Task A_node_that_stops_alone_keeps_its_symbols_until_it_leaves()
    {
        await PlaceAsync();
        Assert.False(await DrainAsync(handOver: false));
        Assert.Equal(2, _held.All.Count);
        Assert.Empty(_leases.Released);
    }

    private Task<bool> DrainAsync(bool handOver) =>
        _region.Ask<bool>(done => new ShardMessage.Drain(handOver, done), TimeSpan.FromMinutes(10));

    private async Task PlaceAsync()
    {
        _region.Tell(new ShardMessage.Due());
        await _outcome.Placed.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private Task<bool> RefreshAsync() =>
        _region.Ask<bool>(static done => new ShardMessage.Refresh(done), TimeSpan.FromMinutes(10));

    private async Task RunAsync(double seconds)
    {
        for (int i = 0; i < seconds * 10; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await QuietAsync();
        }
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        await Eventually.True(
            () =>
            {
                _clock.Advance(TimeSpan.FromMilliseconds(100));
                return condition();
            },
            "the condition");
    }

    // What the step asked of the region is worked off: a question of ours comes after it.
    private async Task QuietAsync() =>
        await _system.InspectAsync("shards", TimeSpan.FromDays(1), CancellationToken.None);
}
