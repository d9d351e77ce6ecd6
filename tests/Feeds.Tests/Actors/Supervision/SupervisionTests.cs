using Feeds.Actors;
using Feeds.Actors.Supervision;
using Feeds.Actors.Tree;
using Xunit;

namespace Feeds.Tests.Actors.Supervision;

public sealed class SupervisionTests : ActorFixture
{
    [Fact]
    public async Task A_failed_actor_comes_back_as_a_new_instance_after_the_backoff_with_its_mailbox()
    {
        var actor = System.ActorOf(Failing(Sharp), "a");
        actor.Tell("!");
        actor.Tell("next");
        await Becomes(actor, ActorState.Backoff);
        var node = Node("a");
        Assert.Equal(Clock.GetUtcNow().AddSeconds(1), node.NextRestart);
        Assert.Equal(new ActorFailure("PoisonException", "!", Clock.GetUtcNow()), node.LastFailure);
        Assert.Equal(1, node.Mailbox.Data);
        Clock.Advance(TimeSpan.FromSeconds(0.999));
        Assert.Equal(ActorState.Backoff, actor.State);
        Clock.Advance(TimeSpan.FromSeconds(0.001));
        await Probe.SeesAsync("#1 start", "!", "#1 restart !", "#2 start", "next");
        Assert.Equal((1, null), (Node("a").Restarts, Node("a").NextRestart));
        Assert.Equal(
            ["a started ProbeActor 0", "a failed ! Restart", "a restarting in 1 s", "a started ProbeActor 1"],
            Events.Lines);
    }

    [Fact]
    public async Task The_backoff_doubles_with_each_failure_and_begins_again_after_a_healthy_minute()
    {
        var actor = System.ActorOf(Failing(Sharp), "a");
        double[] expected = [1, 2, 4, 8];
        foreach (var seconds in expected) await FailAndWaitAsync(actor, seconds);
        Clock.Advance(TimeSpan.FromSeconds(59));
        await FailAndWaitAsync(actor, 16);
        Clock.Advance(TimeSpan.FromSeconds(60));
        await FailAndWaitAsync(actor, 1);
    }

    [Fact]
    public async Task The_jitter_is_the_same_in_each_run_and_differs_between_actors()
    {
        var strategy = new SupervisorStrategy { Backoff = new Backoff { Jitter = 0.5 } };
        var first = await DelaysAsync(7);
        Assert.Equal(first, await DelaysAsync(7));
        Assert.NotEqual(first, await DelaysAsync(8));
        Assert.NotEqual(first[0], first[1]);
        Assert.All(first, delay => Assert.InRange(delay, 1, 1.5));

        async Task<double[]> DelaysAsync(int seed)
        {
            await using var system = new ActorSystem("test", Clock, null, seed);
            var actors = new[] { "a", "b" }.Select(name => system.ActorOf(Failing(strategy), name)).ToArray();
            foreach (var actor in actors)
            {
                actor.Tell("!");
                await Becomes(actor, ActorState.Backoff);
            }
            var nodes = system.Tree().Children;
            return [.. nodes.Select(node => (node.NextRestart!.Value - Clock.GetUtcNow()).TotalSeconds)];
        }
    }

    [Fact]
    public async Task Resume_goes_on_with_the_same_instance()
    {
        var actor = System.ActorOf(Failing(new SupervisorStrategy { Decider = static _ => Directive.Resume }), "a");
        actor.Tell("!");
        actor.Tell("next");
        await Probe.SeesAsync("#1 start", "!", "next");
        Assert.Equal("!", Node("a").LastFailure!.Message);
        Assert.Equal(0, Node("a").Restarts);
    }

    [Fact]
    public async Task Stop_ends_the_actor_and_its_messages_are_dead_letters()
    {
        var actor = System.ActorOf(Failing(new SupervisorStrategy { Decider = static _ => Directive.Stop }), "a");
        actor.Tell("!");
        await actor.Stopped.Ends();
        await Probe.SeesAsync("#1 start", "!", "#1 stop");
    }

    [Fact]
    public async Task The_decider_sees_the_exception()
    {
        var strategy = Sharp with
        {
            Decider = static failure =>
                failure is PoisonException { Message: "!!" } ? Directive.Stop : Directive.Resume,
        };
        var actor = System.ActorOf(Failing(strategy), "a");
        actor.Tell("!");
        actor.Tell("!!");
        await actor.Stopped.Ends();
        Assert.Equal(
            ["a failed ! Resume", "a failed !! Stop"],
            Events.Lines.Where(line => line.Contains("failed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_decider_that_throws_is_reported_and_the_actor_restarts()
    {
        var actor = System.ActorOf(
            Failing(Sharp with { Decider = static _ => throw new PoisonException("decider") }), "a");
        actor.Tell("!");
        await Becomes(actor, ActorState.Backoff);
        Assert.Contains("a Decider threw decider", Events.Lines);
    }

    [Fact]
    public async Task Escalate_stops_the_child_and_fails_the_parent_with_the_same_exception()
    {
        var child = new Probe { OnMessage = static (_, message, _) => throw new PoisonException(message) };
        Probe.OnStart = (actor, _) =>
        {
            actor.Surroundings.ActorOf(
                child.Props with { Supervision = new SupervisorStrategy { Decider = static _ => Directive.Escalate } },
                "child")
                .Tell($"! of #{actor.Instance}");
            return default;
        };
        var parent = System.ActorOf(Probe.Props with { Supervision = Sharp }, "parent");
        await Becomes(parent, ActorState.Backoff);
        await Probe.SeesAsync("#1 start", "#1 restart ! of #1");
        await child.SeesAsync("#1 start", "! of #1", "#1 stop");
        Assert.Equal("! of #1", Node("parent").LastFailure!.Message);
        Assert.Empty(Node("parent").Children);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Becomes(parent, ActorState.Backoff);
        await Probe.SeesAsync("#1 start", "#1 restart ! of #1", "#2 start", "#2 restart ! of #2");
    }

    [Fact]
    public async Task Two_children_that_escalate_together_fail_their_parent_once()
    {
        var gate = new TaskCompletionSource();
        var children = new List<ActorRef<string>>();
        var child = new Probe { OnMessage = static (_, message, _) => throw new PoisonException(message) };
        var props =
            child.Props with { Supervision = new SupervisorStrategy { Decider = static _ => Directive.Escalate } };
        Probe.OnMessage = (actor, message, _) =>
        {
            if (message != "busy") return default;
            foreach (var name in new[] { "one", "two" }) children.Add(actor.Surroundings.ActorOf(props, name));
            foreach (var each in children) each.Tell($"! of {each}");
            return new ValueTask(gate.Task);
        };
        var parent = System.ActorOf(Probe.Props with { Supervision = Sharp }, "parent");
        parent.Tell("busy");
        await Eventually.True(
            () => child.Seen.Count(line => line == "#1 stop" || line == "#2 stop") == 2, "both stopped");
        foreach (var each in children) await each.Stopped.Ends();
        gate.SetResult();
        await Becomes(parent, ActorState.Backoff);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Becomes(parent, ActorState.Running);
        parent.Tell("next");
        await Eventually.True(() => Probe.Seen.Last() == "next", "next");
        Assert.Equal(1, Node("parent").Restarts);
    }

    [Fact]
    public async Task Escalate_at_the_top_stops_the_actor()
    {
        var actor = System.ActorOf(Failing(new SupervisorStrategy { Decider = static _ => Directive.Escalate }), "a");
        actor.Tell("!");
        await actor.Stopped.Ends();
        Assert.Contains("a failed ! Stop", Events.Lines);
    }

    [Fact]
    public async Task A_failure_in_the_start_counts_as_one_and_resume_means_restart_there()
    {
        Probe.OnStart = static (actor, _) => actor.Instance < 3 ? throw new PoisonException("start") : default;
        var strategy = Sharp with { Decider = static _ => Directive.Resume };
        var actor = System.ActorOf(Probe.Props with { Supervision = strategy }, "a");
        await Becomes(actor, ActorState.Backoff);
        actor.Tell("waits");
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.True(() => Node("a").NextRestart == Clock.GetUtcNow().AddSeconds(2), "second backoff");
        Clock.Advance(TimeSpan.FromSeconds(2));
        await Probe.SeesAsync(
            "#1 start", "#1 restart start", "#2 start", "#2 restart start", "#3 start", "waits");
    }

    [Fact]
    public async Task A_factory_that_throws_counts_as_a_failure()
    {
        var made = 0;
        var actor = System.ActorOf(
            new Props<int>(() => made++ == 0 ? throw new PoisonException("factory") : new Quiet())
            {
                Supervision = Sharp,
            },
            "a");
        await Becomes(actor, ActorState.Backoff);
        Assert.Equal("factory", Node("a").LastFailure!.Message);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Becomes(actor, ActorState.Running);
    }

    [Fact]
    public async Task A_throw_in_PreRestart_is_reported_and_the_restart_goes_on()
    {
        var actor = System.ActorOf(new Props<int>(() => new Stubborn()) { Supervision = Sharp }, "a");
        actor.Tell(1);
        await Becomes(actor, ActorState.Backoff);
        Assert.Contains("a PreRestart threw hook", Events.Lines);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Becomes(actor, ActorState.Running);
    }

    [Fact]
    public async Task A_cancelled_wait_that_nobody_asked_for_is_a_failure()
    {
        Probe.OnMessage = static (_, _, _) => throw new OperationCanceledException("time-out of a client");
        var actor = System.ActorOf(Probe.Props with { Supervision = Sharp }, "a");
        actor.Tell("one");
        await Becomes(actor, ActorState.Backoff);
    }

    [Fact]
    public async Task A_stop_in_backoff_ends_the_actor_at_once()
    {
        var actor = System.ActorOf(Failing(Sharp), "a");
        actor.Tell("!");
        actor.Tell("left");
        await Becomes(actor, ActorState.Backoff);
        System.Stop(actor);
        await actor.Stopped.Ends();
        await Probe.SeesAsync("#1 start", "!", "#1 restart !");
        Assert.Equal(1, System.DeadLetters.Total);
    }

    [Fact]
    public async Task The_other_actors_go_on_while_one_is_in_backoff()
    {
        var bad = System.ActorOf(Failing(Sharp), "bad");
        var good = System.ActorOf(Probe.Props, "good");
        bad.Tell("!");
        await Becomes(bad, ActorState.Backoff);
        good.Tell("hello");
        await Eventually.True(() => Probe.Seen.Contains("hello"), "the other one works");
    }

    private async Task FailAndWaitAsync(ActorRef<string> actor, double seconds)
    {
        actor.Tell("!");
        await Becomes(actor, ActorState.Backoff);
        Assert.Equal(Clock.GetUtcNow().AddSeconds(seconds), Node("a").NextRestart);
        Clock.Advance(TimeSpan.FromSeconds(seconds));
        await Becomes(actor, ActorState.Running);
    }

    private sealed class Stubborn : Actor<int>
    {
        protected override ValueTask Receive(int message, CancellationToken stopping) => throw new PoisonException("!");

        protected override ValueTask PostStop() => throw new PoisonException("hook");
    }
}
