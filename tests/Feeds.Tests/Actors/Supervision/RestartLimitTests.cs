using Feeds.Actors;
using Feeds.Actors.Mailboxes;
using Feeds.Actors.Supervision;
using Feeds.Actors.Tree;
using Xunit;

namespace Feeds.Tests.Actors.Supervision;

public sealed class RestartLimitTests : ActorFixture
{
    private static readonly SupervisorStrategy TwoInAMinute =
        Sharp with { MaxRestarts = 2, Window = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task An_actor_that_used_up_its_restarts_is_parked_with_its_failure()
    {
        var returned = new List<string>();
        var actor = System.ActorOf(
            Failing(TwoInAMinute) with { Mailbox = new MailboxOptions<string> { Discarded = returned.Add } }, "a");
        await UseUpAsync(actor);
        var node = Node("a");
        Assert.Equal((ActorState.Parked, "!", 2), (node.State, node.LastFailure!.Message, node.Restarts));
        Assert.Contains("a parked !", Events.Lines);
        Assert.Equal("#3 stop", Probe.Seen.Last());
        Assert.False(actor.Tell("late"));
        Assert.False(await actor.TellAsync("later"));
        Assert.Equal(["left", "late", "later"], returned);
        Assert.Equal(
            [DeadLetterReason.Undelivered, DeadLetterReason.Parked, DeadLetterReason.Parked],
            System.DeadLetters.Recent().Select(letter => letter.Reason));
    }

    [Fact]
    public async Task A_parked_actor_comes_back_by_command_with_all_its_restarts()
    {
        var actor = System.ActorOf(Failing(TwoInAMinute), "a");
        await UseUpAsync(actor);
        Assert.True(System.TryRestart("a"));
        await Becomes(actor, ActorState.Running);
        Assert.True(actor.Tell("hello"));
        await Eventually.True(() => Probe.Seen.Last() == "hello", "hello");
        Assert.Equal(3, Node("a").Restarts);
        actor.Tell("!");
        await Becomes(actor, ActorState.Backoff);
        Assert.Equal(Clock.GetUtcNow().AddSeconds(1), Node("a").NextRestart);
    }

    [Fact]
    public async Task A_parked_actor_can_be_stopped()
    {
        var actor = System.ActorOf(Failing(TwoInAMinute), "a");
        await UseUpAsync(actor);
        System.Stop(actor);
        await actor.Stopped.Ends();
        Assert.Single(Probe.Seen, "#3 stop");
    }

    [Fact]
    public async Task A_sender_that_waits_for_room_is_let_go_when_the_actor_is_parked()
    {
        var props = Failing(TwoInAMinute with { MaxRestarts = 0 }) with
        {
            Mailbox = new MailboxOptions<string> { DataCapacity = 1 },
        };
        var gate = new TaskCompletionSource();
        Probe.OnMessage = async (_, message, _) =>
        {
            await gate.Task;
            throw new PoisonException(message);
        };
        var actor = System.ActorOf(props, "a");
        actor.Tell("!");
        await Probe.SeesAsync("#1 start", "!");
        actor.Tell("fills");
        var waiting = actor.TellAsync("waits").AsTask();
        Assert.False(waiting.IsCompleted);
        gate.SetResult();
        await Becomes(actor, ActorState.Parked);
        Assert.False(await waiting.Ends());
        Assert.Equal(2, System.DeadLetters.CountOf("a"));
    }

    [Fact]
    public async Task Restarts_older_than_the_window_do_not_count()
    {
        var actor = System.ActorOf(Failing(TwoInAMinute), "a");
        for (var i = 0; i < 6; i++)
        {
            actor.Tell("!");
            await Becomes(actor, ActorState.Backoff);
            Clock.Advance(TimeSpan.FromMinutes(1));
            await Becomes(actor, ActorState.Running);
        }
        Assert.Equal(6, Node("a").Restarts);
    }

    [Fact]
    public async Task Without_parking_the_actor_stops_when_its_restarts_are_used_up()
    {
        var actor = System.ActorOf(
            Failing(TwoInAMinute with { MaxRestarts = 0, WhenExhausted = Exhaustion.Stop }), "a");
        actor.Tell("!");
        await actor.Stopped.Ends();
        await Probe.SeesAsync("#1 start", "!", "#1 stop");
    }

    private async Task UseUpAsync(ActorRef<string> actor)
    {
        actor.Tell("!");
        await Becomes(actor, ActorState.Backoff);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Becomes(actor, ActorState.Running);
        actor.Tell("!");
        await Becomes(actor, ActorState.Backoff);
        // The last poison and what is left behind it lie in the mailbox before the last instance begins.
        actor.Tell("!");
        actor.Tell("left");
        Clock.Advance(TimeSpan.FromSeconds(2));
        await Becomes(actor, ActorState.Parked);
        await Eventually.True(() => Node("a").Mailbox.Total == 0, "an empty mailbox");
    }
}
