using Feeds.Actors;
using Feeds.Actors.Mailboxes;
using Feeds.Actors.Tree;
using Xunit;

namespace Feeds.Tests.Actors;

public sealed class ActorContextTests : ActorFixture
{
    [Fact]
    public async Task Children_live_below_their_parent_and_stop_before_it()
    {
        var child = new Probe { OnStop = _ => { Probe.Seen.Enqueue("child stop"); return default; } };
        Probe.OnStart = (actor, _) =>
        {
            actor.Surroundings.ActorOf(child.Props, "child").Tell("hello");
            return default;
        };
        var parent = System.ActorOf(Probe.Props, "parent");
        await child.SeesAsync("#1 start", "hello");
        Assert.Equal("parent/child", Assert.Single(Node("parent").Children).Path);
        System.Stop(parent);
        await parent.Stopped.Ends();
        await Probe.SeesAsync("#1 start", "child stop", "#1 stop");
    }

    [Fact]
    public async Task A_restart_stops_the_children_before_the_old_instance_ends_and_their_names_are_free_again()
    {
        var child = new Probe { OnStop = _ => { Probe.Seen.Enqueue("child stop"); return default; } };
        Failing(Sharp);
        Probe.OnStart = (actor, _) => { actor.Surroundings.ActorOf(child.Props, "child"); return default; };
        var parent = System.ActorOf(Probe.Props with { Supervision = Sharp }, "parent");
        parent.Tell("!");
        await Becomes(parent, ActorState.Backoff);
        await Probe.SeesAsync("#1 start", "!", "child stop", "#1 restart !");
        Assert.Empty(Node("parent").Children);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await child.SeesAsync("#1 start", "#1 stop", "#2 start");
    }

    [Fact]
    public async Task A_failing_child_leaves_parent_and_siblings_alone()
    {
        var bad = new Probe { OnMessage = static (_, message, _) => throw new PoisonException(message) };
        var good = new Probe();
        Probe.OnStart = (actor, _) =>
        {
            actor.Surroundings.ActorOf(bad.Props with { Supervision = Sharp }, "bad").Tell("!");
            actor.Surroundings.ActorOf(good.Props, "good").Tell("hello");
            return default;
        };
        System.ActorOf(Probe.Props, "parent");
        await Eventually.True(
            () => Nodes(System.Tree()).Any(n => n is { Name: "bad", State: ActorState.Backoff }), "backoff");
        await good.SeesAsync("#1 start", "hello");
        await Probe.SeesAsync("#1 start");
    }

    [Fact]
    public async Task An_actor_stops_itself_and_its_children_but_no_others()
    {
        var other = System.ActorOf(new Props<int>(() => new Quiet()), "other");
        ActorRef<int>? child = null;
        Probe.OnMessage = (actor, message, _) =>
        {
            var surroundings = actor.Surroundings;
            if (message == "make") child = surroundings.ActorOf(new Props<int>(() => new Quiet()), "child");
            else if (message == "child") surroundings.Stop(child!);
            else if (message == "other") Assert.Throws<ArgumentException>(() => surroundings.Stop(other));
            else surroundings.Stop(surroundings.Self);
            return default;
        };
        var actor = System.ActorOf(Probe.Props, "a");
        actor.Tell("make");
        actor.Tell("child");
        actor.Tell("other");
        await Eventually.True(() => child is not null, "child");
        await child!.Stopped.Ends();
        Assert.Equal(ActorState.Running, actor.State);
        actor.Tell("self");
        await actor.Stopped.Ends();
        await Becomes(other, ActorState.Running);
    }

    [Fact]
    public async Task A_hurried_stop_reaches_children_that_are_being_drained()
    {
        var child =
            new Probe { OnMessage = static async (_, _, stopping) => await Task.Delay(Timeout.Infinite, stopping) };
        Probe.OnStart = (actor, _) =>
        {
            actor.Surroundings.ActorOf(child.Props, "child").Tell("busy");
            return default;
        };
        var parent = System.ActorOf(Probe.Props, "parent");
        await child.SeesAsync("#1 start", "busy");
        System.Stop(parent, StopMode.Drained);
        await Eventually.True(() => Node("parent/child").State == ActorState.Stopping, "the child is being drained");
        System.Stop(parent);
        await parent.Stopped.Ends();
    }

    [Fact]
    public async Task Work_beside_the_messages_tells_its_outcome()
    {
        Probe.OnMessage = static (actor, message, _) =>
        {
            if (message == "go")
                actor.Surroundings.PipeToSelf(
                    static _ => Task.FromResult(7), static n => $"got {n}", static e => e.Message);
            if (message == "fail")
                actor.Surroundings.PipeToSelf<int>(
                    static _ => throw new PoisonException("work"),
                    static n => $"got {n}",
                    static e => $"failed {e.Message}");
            return default;
        };
        var actor = System.ActorOf(Probe.Props, "a");
        actor.Tell("go");
        await Probe.SeesAsync("#1 start", "go", "got 7");
        actor.Tell("fail");
        await Probe.SeesAsync("#1 start", "go", "got 7", "fail", "failed work");
    }

    [Fact]
    public async Task Work_waits_for_room_to_tell_its_outcome()
    {
        var gate = new TaskCompletionSource();
        Probe.OnMessage = (actor, message, _) =>
        {
            if (message != "go") return default;
            actor.Surroundings.PipeToSelf(static _ => Task.CompletedTask, static () => "done", static e => e.Message);
            return new ValueTask(gate.Task);
        };
        var actor = System.ActorOf(Probe.Props with { Mailbox = new MailboxOptions<string> { DataCapacity = 1 } }, "a");
        actor.Tell("go");
        await Probe.SeesAsync("#1 start", "go");
        await Eventually.True(() => Node("a").Mailbox.Data == 1, "outcome or filler is in");
        await Task.WhenAll(actor.TellAsync("filler").AsTask(), Task.Run(gate.SetResult)).Ends();
        await Probe.SeesAsync("#1 start", "go", "done", "filler");
    }

    [Fact]
    public async Task Work_is_cancelled_and_ended_before_the_last_hook_and_its_outcome_is_not_told()
    {
        Probe.OnStart = (actor, _) =>
        {
            actor.Surroundings.PipeToSelf(
                async stopping =>
                {
                    try
                    {
                        await Task.Delay(Timeout.Infinite, stopping);
                    }
                    finally
                    {
                        Probe.Seen.Enqueue("work ended");
                    }
                },
                static () => "done", static e => $"failed {e.Message}");
            return default;
        };
        var actor = System.ActorOf(Probe.Props, "a");
        await Becomes(actor, ActorState.Running);
        System.Stop(actor);
        await actor.Stopped.Ends();
        await Probe.SeesAsync("#1 start", "work ended", "#1 stop");
        Assert.Equal(0, System.DeadLetters.Total);
    }

    [Fact]
    public async Task An_outcome_that_outlived_its_instance_is_a_dead_letter()
    {
        var gate = new TaskCompletionSource();
        Probe.OnMessage = (actor, _, _) =>
        {
            actor.Surroundings.PipeToSelf(_ => gate.Task, static () => "done", static e => e.Message);
            return default;
        };
        var actor = System.ActorOf(Probe.Props, "a");
        actor.Tell("go");
        await Probe.SeesAsync("#1 start", "go");
        await Eventually.True(() => System.TryRestart("a"), "restart");
        Assert.Equal(1, Probe.Instances);
        gate.SetResult();
        await Probe.SeesAsync("#1 start", "go", "#1 restart a was asked to restart.", "#2 start");
        Assert.Equal(DeadLetterReason.Outlived, Assert.Single(System.DeadLetters.Recent()).Reason);
    }

    [Fact]
    public async Task Work_that_ignores_its_token_is_abandoned_after_ten_seconds_and_reported()
    {
        var gate = new TaskCompletionSource();
        Probe.OnMessage = (actor, _, _) =>
        {
            actor.Surroundings.PipeToSelf(_ => gate.Task, static () => "done", static e => e.Message);
            return default;
        };
        var actor = System.ActorOf(Probe.Props, "a");
        actor.Tell("go");
        await Probe.SeesAsync("#1 start", "go");
        System.Stop(actor);
        await Eventually.True(() => Clock.PendingTimers == 2, "the sampler and the patience");
        Clock.Advance(TimeSpan.FromSeconds(9.999));
        Assert.False(actor.Stopped.IsCompleted);
        Clock.Advance(TimeSpan.FromSeconds(0.001));
        await actor.Stopped.Ends();
        Assert.Contains("a abandoned 1", Events.Lines);
        gate.SetResult();
    }

    [Fact]
    public async Task A_throw_where_the_failure_is_made_a_message_fails_the_actor()
    {
        Probe.OnMessage = static (actor, _, _) =>
        {
            actor.Surroundings.PipeToSelf<int>(
                static _ => throw new PoisonException("work"),
                static n => $"{n}",
                static _ => throw new PoisonException("map"));
            return default;
        };
        var actor = System.ActorOf(Probe.Props with { Supervision = Sharp }, "a");
        actor.Tell("go");
        await Becomes(actor, ActorState.Backoff);
        Assert.Equal("map", Node("a").LastFailure!.Message);
    }

    [Fact]
    public void There_is_no_context_in_the_constructor() =>
        Assert.Throws<InvalidOperationException>(() => new ProbeActor(Probe, 1).Surroundings);
}
