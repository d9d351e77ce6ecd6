using Feeds.Actors;
using Feeds.Actors.Mailboxes;
using Feeds.Actors.Tree;
using Feeds.Tests.Actors.Mailboxes;
using Xunit;

namespace Feeds.Tests.Actors.Tree;

public sealed class TreeTests : ActorFixture
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_node_shows_kind_mailbox_counts_and_replaced_messages()
    {
        var gate = new TaskCompletionSource();
        var actor = System.ActorOf(
            new Props<Note>(() => new Blocking(gate.Task)) { Mailbox = Note.Options(8, 2) }, "a");
        actor.Tell(Note.Data(0));
        await Eventually.True(() => Node("a").Processed == 1, "busy");
        foreach (var note in new[] { Note.Data(1), Note.Data(2), Note.Command(3), Note.Conflate(4), Note.Conflate(5) })
            actor.Tell(note);
        var node = Node("a");
        Assert.Equal(new MailboxDepth(1, 2, 2, 8, true), node.Mailbox);
        Assert.Equal(("Blocking", ActorState.Running, 1, 1), (node.Kind, node.State, node.Processed, node.Replaced));
        gate.SetResult();
        await Eventually.True(() => Node("a").Processed == 5, "all worked off");
        Assert.Equal(1, node.Processed);
    }

    [Fact]
    public async Task The_root_stands_for_the_system_and_children_keep_the_order_of_their_making()
    {
        foreach (var name in new[] { "c", "a", "b" }) System.ActorOf(new Props<int>(() => new Quiet()), name);
        var tree = System.Tree();
        Assert.Equal(("", "test", "system"), (tree.Path, tree.Name, tree.Kind));
        Assert.Equal(["c", "a", "b"], tree.Children.Select(node => node.Name));
        await System.StopAsync(Second);
        Assert.Equal(3, tree.Children.Count);
    }

    [Fact]
    public async Task The_rate_is_that_of_the_last_ten_seconds()
    {
        var actor = System.ActorOf(new Props<int>(() => new Quiet()), "a");
        for (var second = 0; second < 20; second++)
        {
            for (var i = 0; i < 50; i++) actor.Tell(i);
            var told = 50 * (second + 1);
            await Eventually.True(() => Node("a").Processed == told, "worked off");
            Clock.Advance(Second);
        }
        Assert.Equal(50, Node("a").Rate, 3);
        Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.InRange(Node("a").Rate, 20, 30);
        Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, Node("a").Rate);
    }

    [Fact]
    public async Task The_tree_can_be_read_while_actors_run_start_fail_and_stop()
    {
        Failing(Sharp);
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var reads = 0;
            for (; !done.IsCancellationRequested; reads++)
            {
                foreach (var node in Nodes(System.Tree()).Skip(1))
                {
                    Assert.True(node.NextRestart is null || node.State == ActorState.Backoff);
                    Assert.InRange(node.Mailbox.Data, 0, node.Mailbox.DataCapacity);
                }
            }
            return reads;
        });
        for (var i = 0; i < 200; i++)
        {
            var actor = System.ActorOf(Failing(Sharp), $"a{i}");
            actor.Tell("one");
            actor.Tell("!");
            await Becomes(actor, ActorState.Backoff);
            if (i % 2 == 0) System.Stop(actor);
        }
        Clock.Advance(Second);
        await done.CancelAsync();
        Assert.True(await reader.Ends() > 0);
        await Eventually.True(() => System.Tree().Children.Count == 100, "half of them live");
    }

    [Fact]
    public async Task An_operator_restarts_a_running_actor_in_the_middle_of_a_message()
    {
        Probe.OnMessage = static async (_, message, stopping) =>
        {
            if (message == "busy") await Task.Delay(Timeout.Infinite, stopping);
        };
        var actor = System.ActorOf(Probe.Props with { Supervision = Sharp }, "a");
        actor.Tell("busy");
        actor.Tell("next");
        await Probe.SeesAsync("#1 start", "busy");
        Assert.True(System.TryRestart("a"));
        await Probe.SeesAsync("#1 start", "busy", "#1 restart a was asked to restart.", "#2 start", "next");
        Assert.Equal((1, null), (Node("a").Restarts, Node("a").LastFailure));
    }

    [Fact]
    public async Task An_operator_ends_a_backoff_early()
    {
        var actor = System.ActorOf(Failing(Sharp), "a");
        actor.Tell("!");
        await Becomes(actor, ActorState.Backoff);
        Assert.True(System.TryRestart("a"));
        await Becomes(actor, ActorState.Running);
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, Node("a").Restarts);
    }

    [Fact]
    public async Task Commands_to_a_path_where_nobody_lives_say_so()
    {
        var actor = System.ActorOf(Probe.Props, "a");
        foreach (var path in new[] { "", "b", "a/b", "/a", "a/" })
        {
            Assert.False(System.TryRestart(path));
            Assert.False(System.TryStop(path));
            await Assert.ThrowsAsync<ActorNotFoundException>(() => System.InspectAsync(path, Second));
        }
        System.Stop(actor);
        await actor.Stopped.Ends();
        Assert.False(System.TryRestart("a"));
        Assert.False(System.TryStop("a"));
    }

    [Fact]
    public async Task An_inspection_sees_the_state_between_two_messages_and_overtakes_those_that_wait()
    {
        var gate = new TaskCompletionSource();
        Probe.OnMessage = (_, message, _) => message == "busy" ? new ValueTask(gate.Task) : default;
        var actor = System.ActorOf(Probe.Props, "a");
        actor.Tell("busy");
        await Probe.SeesAsync("#1 start", "busy");
        for (var i = 0; i < 100; i++) actor.Tell("waits");
        var inspecting = System.InspectAsync("a", Second);
        Assert.False(inspecting.IsCompleted);
        gate.SetResult();
        Assert.Equal("#1 saw 2", await inspecting.Ends());
    }

    [Fact]
    public async Task An_inspection_of_a_busy_actor_times_out()
    {
        var gate = new TaskCompletionSource();
        Probe.OnMessage = (_, _, _) => new ValueTask(gate.Task);
        var actor = System.ActorOf(Probe.Props, "a");
        actor.Tell("busy");
        await Probe.SeesAsync("#1 start", "busy");
        var inspecting = System.InspectAsync("a", Second);
        Clock.Advance(Second);
        await Assert.ThrowsAsync<AskTimeoutException>(() => inspecting.Ends());
        gate.SetResult();
    }

    [Fact]
    public async Task An_actor_without_an_instance_shows_nothing()
    {
        var actor = System.ActorOf(Failing(Sharp), "a");
        actor.Tell("!");
        await Becomes(actor, ActorState.Backoff);
        Assert.Null(await System.InspectAsync("a", Second).Ends());
    }

    [Fact]
    public async Task A_throw_of_an_inspection_goes_to_who_asked()
    {
        var actor = System.ActorOf(new Props<int>(() => new Shy()), "a");
        await Assert.ThrowsAsync<PoisonException>(() => System.InspectAsync("a", Second).Ends());
        Assert.Equal(ActorState.Running, actor.State);
    }

    private sealed class Blocking(Task gate) : Actor<Note>
    {
        protected override async ValueTask Receive(Note message, CancellationToken stopping) => await gate;
    }

    private sealed class Shy : Actor<int>
    {
        protected override ValueTask Receive(int message, CancellationToken stopping) => default;

        protected override object? Inspect() => throw new PoisonException("shy");
    }
}
