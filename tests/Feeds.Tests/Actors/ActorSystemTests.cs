using Feeds.Actors;
using Feeds.Actors.Mailboxes;
using Feeds.Actors.Tree;
using Xunit;

namespace Feeds.Tests.Actors;

public sealed class ActorSystemTests : ActorFixture
{
    [Fact]
    public async Task An_actor_starts_takes_messages_in_order_and_stops()
    {
        var actor = System.ActorOf(Probe.Props, "a");
        Assert.True(actor.Tell("one"));
        Assert.True(await actor.TellAsync("two"));
        await Probe.SeesAsync("#1 start", "one", "two");
        System.Stop(actor);
        await actor.Stopped.Ends();
        await Probe.SeesAsync("#1 start", "one", "two", "#1 stop");
        Assert.Equal(ActorState.Stopped, actor.State);
        Assert.Empty(System.Tree().Children);
        Assert.Equal(["a started ProbeActor 0", "a stopped"], Events.Lines);
    }

    [Fact]
    public async Task A_stop_ends_after_the_running_message_and_the_rest_are_dead_letters()
    {
        var gate = new TaskCompletionSource();
        Probe.OnMessage = (_, message, _) => message == "busy" ? new ValueTask(gate.Task) : default;
        var returned = new List<string>();
        var actor = System.ActorOf(
            Probe.Props with { Mailbox = new MailboxOptions<string> { Discarded = returned.Add } }, "a");
        actor.Tell("busy");
        actor.Tell("left");
        await Probe.SeesAsync("#1 start", "busy");
        System.Stop(actor);
        Assert.Equal(ActorState.Stopping, actor.State);
        Assert.False(actor.Tell("late"));
        Assert.False(actor.Stopped.IsCompleted);
        gate.SetResult();
        await actor.Stopped.Ends();
        await Probe.SeesAsync("#1 start", "busy", "#1 stop");
        Assert.Equal(["late", "left"], returned);
        Assert.Equal(2, System.DeadLetters.CountOf("a"));
        Assert.Equal(
            [DeadLetterReason.Stopped, DeadLetterReason.Undelivered],
            System.DeadLetters.Recent().Select(letter => letter.Reason));
    }

    [Fact]
    public async Task A_stop_cancels_the_token_of_the_running_message_and_that_is_no_failure()
    {
        Probe.OnMessage = static async (_, _, stopping) => await Task.Delay(Timeout.Infinite, stopping);
        var actor = System.ActorOf(Probe.Props, "a");
        actor.Tell("busy");
        await Probe.SeesAsync("#1 start", "busy");
        System.Stop(actor);
        await actor.Stopped.Ends();
        Assert.Equal(["a started ProbeActor 0", "a stopped"], Events.Lines);
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_the_start_ends_it()
    {
        Probe.OnStart = static async (_, stopping) => await Task.Delay(Timeout.Infinite, stopping);
        var actor = System.ActorOf(Probe.Props, "a");
        await Probe.SeesAsync("#1 start");
        Assert.Equal(ActorState.Starting, actor.State);
        System.Stop(actor);
        await actor.Stopped.Ends();
        await Probe.SeesAsync("#1 start", "#1 stop");
        Assert.Equal(["a stopped"], Events.Lines);
    }

    [Fact]
    public async Task A_drained_actor_works_off_what_it_has_and_takes_nothing_new()
    {
        var gate = new TaskCompletionSource();
        Probe.OnMessage = (_, message, _) => message == "busy" ? new ValueTask(gate.Task) : default;
        var actor = System.ActorOf(Probe.Props, "a");
        actor.Tell("busy");
        actor.Tell("left");
        await Probe.SeesAsync("#1 start", "busy");
        System.Stop(actor, StopMode.Drained);
        Assert.False(actor.Tell("late"));
        gate.SetResult();
        await actor.Stopped.Ends();
        await Probe.SeesAsync("#1 start", "busy", "left", "#1 stop");
        Assert.Equal(1, System.DeadLetters.Total);
    }

    [Fact]
    public async Task One_message_is_worked_off_at_a_time_also_when_it_waits()
    {
        var (inside, most, done) = (0, 0, 0);
        Probe.OnMessage = async (_, _, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            done++;
        };
        var actor = System.ActorOf(Probe.Props, "a");
        var senders = Enumerable.Range(0, 4).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++) Assert.True(await actor.TellAsync($"{sender}"));
        }));
        await Task.WhenAll(senders).Ends();
        await Eventually.True(() => Volatile.Read(ref done) == 2_000, "all messages");
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task The_system_stops_the_newest_first_each_drained_and_children_before_parents()
    {
        Probe.OnStart = (actor, _) =>
        {
            if (actor.Surroundings.Path == "old")
                actor.Surroundings.ActorOf(new Props<int>(() => new Quiet()), "child");
            return default;
        };
        var old = System.ActorOf(Probe.Props, "old");
        await Becomes(old, ActorState.Running);
        System.ActorOf(Probe.Props, "new").Tell("last words");
        Assert.Empty(await System.StopAsync(TimeSpan.FromSeconds(5)).Ends());
        Assert.Contains("last words", Probe.Seen);
        Assert.Equal(
            ["new stopped", "old/child stopped", "old stopped"],
            Events.Lines.Where(line => line.EndsWith("stopped", StringComparison.Ordinal)));
        Assert.Throws<ActorNameException>(() => System.ActorOf(Probe.Props, "later"));
    }

    [Fact]
    public async Task Who_does_not_stop_in_time_is_named()
    {
        var gate = new TaskCompletionSource();
        Probe.OnMessage = (_, _, _) => new ValueTask(gate.Task);
        var actor = System.ActorOf(Probe.Props, "stuck");
        actor.Tell("busy");
        await Probe.SeesAsync("#1 start", "busy");
        var stopping = System.StopAsync(TimeSpan.FromSeconds(5));
        Assert.False(stopping.IsCompleted);
        Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["stuck"], await stopping.Ends());
        gate.SetResult();
        await actor.Stopped.Ends();
    }

    [Fact]
    public async Task A_cancel_ends_the_time_to_stop()
    {
        var gate = new TaskCompletionSource();
        Probe.OnMessage = (_, _, _) => new ValueTask(gate.Task);
        var actor = System.ActorOf(Probe.Props, "stuck");
        actor.Tell("busy");
        await Probe.SeesAsync("#1 start", "busy");
        using var limit = new CancellationTokenSource();
        var stopping = System.StopAsync(TimeSpan.FromSeconds(5), limit.Token);
        await limit.CancelAsync();
        Assert.Equal(["stuck"], await stopping.Ends());
        gate.SetResult();
        await actor.Stopped.Ends();
    }

    [Fact]
    public async Task A_name_is_taken_until_its_actor_is_gone()
    {
        var first = System.ActorOf(Probe.Props, "a");
        Assert.Throws<ActorNameException>(() => System.ActorOf(Probe.Props, "a"));
        System.Stop(first);
        await first.Stopped.Ends();
        var second = System.ActorOf(Probe.Props, "a");
        Assert.True(second.Tell("hello"));
        Assert.False(first.Tell("hello"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\n")]
    public void A_name_that_would_not_make_a_path_is_refused(string name) =>
        Assert.Throws<ActorNameException>(() => System.ActorOf(Probe.Props, name));

    [Fact]
    public async Task Names_may_be_in_any_script()
    {
        System.ActorOf(Probe.Props, "币安人生USDT");
        Assert.Equal("#1 saw 1", await System.InspectAsync("币安人生USDT", TimeSpan.FromSeconds(1)).Ends());
    }

    [Fact]
    public async Task An_observer_that_throws_hurts_nobody_and_is_counted()
    {
        await using var system = new ActorSystem("test", Clock, new Throwing());
        var actor = system.ActorOf(Probe.Props, "a");
        actor.Tell("one");
        await Probe.SeesAsync("#1 start", "one");
        system.Stop(actor);
        await actor.Stopped.Ends();
        Assert.Equal(2, system.ObserverFailures);
    }

    [Fact]
    public async Task A_throw_in_the_last_hook_is_reported_and_the_actor_stops_all_the_same()
    {
        Probe.OnStop = static _ => throw new PoisonException("hook");
        var actor = System.ActorOf(Probe.Props, "a");
        await Becomes(actor, ActorState.Running);
        System.Stop(actor);
        await actor.Stopped.Ends();
        Assert.Equal(["a started ProbeActor 0", "a PostStop threw hook", "a stopped"], Events.Lines);
    }

    private sealed class Throwing : IActorEvents
    {
        public void Started(string path, string kind, int restarts) => throw new PoisonException("observer");

        public void Stopped(string path) => throw new PoisonException("observer");
    }
}
