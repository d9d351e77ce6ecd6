using Feeds.Actors.Mailboxes;
using Feeds.Actors.Tree;
using Xunit;

namespace Feeds.Tests.Actors;

/// <summary>Actors that an operator stops by their path: they rest in the tree until they are wanted back.</summary>
public sealed class OperatorStopTests : ActorFixture
{
    [Fact]
    public async Task A_stopped_actor_works_off_its_mailbox_and_rests_in_the_tree()
    {
        var gate = new TaskCompletionSource();
        Probe.OnMessage = (_, message, _) => message == "1" ? new ValueTask(gate.Task) : default;
        var actor = System.ActorOf(Probe.Props, "a");
        actor.Tell("1");
        actor.Tell("2");
        Assert.True(System.TryStop("a"));
        Assert.Equal(ActorState.Stopping, actor.State);
        Assert.False(actor.Tell("late"));
        gate.SetResult();
        await Becomes(actor, ActorState.Stopped);
        await Probe.SeesAsync("#1 start", "1", "2", "#1 stop");
        Assert.False(actor.Stopped.IsCompleted);
        Assert.Equal(ActorState.Stopped, Node("a").State);
        Assert.Null(await System.InspectAsync("a", TimeSpan.FromSeconds(1)).Ends());
        Assert.Contains("a stopped", Events.Lines);
        Assert.Equal([DeadLetterReason.Parked], System.DeadLetters.Recent().Select(letter => letter.Reason));
    }

    [Fact]
    public async Task A_stopped_actor_comes_back_under_the_same_address()
    {
        var actor = System.ActorOf(Probe.Props, "a");
        for (var i = 1; i <= 3; i++)
        {
            Assert.True(System.TryStop("a"));
            await Becomes(actor, ActorState.Stopped);
            Assert.True(System.TryStop("a"));
            Assert.True(System.TryRestart("a"));
            await Becomes(actor, ActorState.Running);
            Assert.True(actor.Tell($"hello {i}"));
            await Eventually.True(() => Probe.Seen.Last() == $"hello {i}", "hello");
            Assert.Equal(i, Node("a").Restarts);
        }
    }

    [Fact]
    public async Task An_operator_may_change_his_mind_while_it_works_off_its_mailbox()
    {
        var gate = new TaskCompletionSource();
        Probe.OnMessage = (_, message, _) => message == "1" ? new ValueTask(gate.Task) : default;
        var actor = System.ActorOf(Probe.Props, "a");
        actor.Tell("1");
        Assert.True(System.TryStop("a"));
        Assert.True(System.TryRestart("a"));
        gate.SetResult();
        await Eventually.True(() => Probe.Instances == 2, "a new instance");
        await Becomes(actor, ActorState.Running);
        Assert.True(actor.Tell("2"));
        await Eventually.True(() => Probe.Seen.Last() == "2", "2");
    }

    [Fact]
    public async Task One_in_backoff_does_not_come_back_when_it_was_stopped()
    {
        var actor = System.ActorOf(Failing(Sharp), "a");
        actor.Tell("!");
        await Becomes(actor, ActorState.Backoff);
        Assert.True(System.TryStop("a"));
        await Becomes(actor, ActorState.Stopped);
        Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((ActorState.Stopped, 1), (actor.State, Probe.Instances));
        Assert.True(System.TryRestart("a"));
        await Becomes(actor, ActorState.Running);
        Assert.True(actor.Tell("again"));
    }

    [Fact]
    public async Task A_parked_one_that_is_stopped_says_so()
    {
        var actor = System.ActorOf(Failing(Sharp with { MaxRestarts = 0 }), "a");
        actor.Tell("!");
        await Becomes(actor, ActorState.Parked);
        Assert.True(System.TryStop("a"));
        await Becomes(actor, ActorState.Stopped);
        Assert.True(System.TryRestart("a"));
        await Becomes(actor, ActorState.Running);
    }

    [Fact]
    public async Task A_failure_while_it_works_off_its_mailbox_ends_in_rest_not_in_a_restart()
    {
        var gate = new TaskCompletionSource();
        Probe.OnMessage = async (_, _, _) =>
        {
            await gate.Task;
            throw new PoisonException("!");
        };
        var actor = System.ActorOf(Probe.Props with { Supervision = Sharp }, "a");
        actor.Tell("!");
        Assert.True(System.TryStop("a"));
        gate.SetResult();
        await Becomes(actor, ActorState.Stopped);
        Assert.Equal("!", Node("a").LastFailure!.Message);
        Assert.Equal(1, Probe.Instances);
    }

    [Fact]
    public async Task Children_go_with_it_and_are_made_anew()
    {
        Probe.OnStart = (actor, _) =>
        {
            if (actor.Surroundings.Path == "a") actor.Surroundings.ActorOf(Probe.Props, "child");
            return default;
        };
        var actor = System.ActorOf(Probe.Props, "a");
        await Eventually.True(
            () => Nodes(System.Tree()).Any(node => node is { Path: "a/child", State: ActorState.Running }), "child");
        Assert.True(System.TryStop("a"));
        await Becomes(actor, ActorState.Stopped);
        Assert.Empty(Node("a").Children);
        Assert.True(System.TryRestart("a"));
        await Eventually.True(
            () => Nodes(System.Tree()).Any(node => node is { Path: "a/child", State: ActorState.Running }), "child");
    }

    [Fact]
    public async Task The_whole_tree_stops_with_resting_actors_in_it()
    {
        var actor = System.ActorOf(Probe.Props, "a");
        Assert.True(System.TryStop("a"));
        await Becomes(actor, ActorState.Stopped);
        Assert.Empty(await System.StopAsync(TimeSpan.FromSeconds(5)).Ends());
        Assert.True(actor.Stopped.IsCompleted);
        Assert.False(System.TryRestart("a"));
    }

    [Fact]
    public async Task A_sender_that_waits_for_room_is_let_go()
    {
        var gate = new TaskCompletionSource();
        Probe.OnMessage = (_, message, _) => message == "1" ? new ValueTask(gate.Task) : default;
        var actor = System.ActorOf(
            Probe.Props with { Mailbox = new MailboxOptions<string> { DataCapacity = 1 } }, "a");
        actor.Tell("1");
        await Eventually.True(() => Probe.Seen.Contains("1"), "1");
        actor.Tell("2");
        var waiting = actor.TellAsync("3").AsTask();
        Assert.True(System.TryStop("a"));
        gate.SetResult();
        Assert.False(await waiting.Ends());
        await Becomes(actor, ActorState.Stopped);
    }
}
