using Feeds.Actors;
using Feeds.Actors.Mailboxes;
using Feeds.Actors.Supervision;
using Feeds.Actors.Tree;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Actors;

public sealed class ActorSystemTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task An_actor_starts_takes_messages_in_order_and_stops()
    {
        await using var system = new ActorSystem("test", _clock);
        var probe = new Probe();
        var actor = system.ActorOf(probe.Props, "a");
        Assert.True(actor.Tell("one"));
        Assert.True(await actor.TellAsync("two"));
        await probe.SeesAsync("#1 start", "one", "two");
        system.Stop(actor);
        await actor.Stopped.Ends();
        await probe.SeesAsync("#1 start", "one", "two", "#1 stop");
        Assert.False(actor.Tell("three"));
        Assert.Equal(1, system.DeadLetters.CountOf("a"));
        Assert.Equal(DeadLetterReason.Stopped, Assert.Single(system.DeadLetters.Recent()).Reason);
        Assert.Equal(ActorState.Stopped, actor.State);
        Assert.Empty(system.Tree().Children);
    }

    [Fact]
    public async Task A_failed_actor_comes_back_as_a_new_instance_after_the_backoff_with_its_mailbox()
    {
        await using var system = new ActorSystem("test", _clock);
        var probe = new Probe
        {
            OnMessage = (_, message, _) => message == "poison" ? throw new InvalidOperationException("bad") : default,
        };
        var backoff = new Backoff { Jitter = 0 };
        var actor = system.ActorOf(
            probe.Props with { Supervision = new SupervisorStrategy { Backoff = backoff } }, "a");
        actor.Tell("poison");
        actor.Tell("next");
        await Eventually.True(() => actor.State == ActorState.Backoff, "backoff");
        var node = Assert.Single(system.Tree().Children);
        Assert.Equal(_clock.GetUtcNow().AddSeconds(1), node.NextRestart);
        Assert.Equal("bad", node.LastFailure!.Message);
        Assert.Equal(1, node.Mailbox.Data);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await probe.SeesAsync("#1 start", "poison", "#1 restart bad", "#2 start", "next");
        Assert.Equal(1, Assert.Single(system.Tree().Children).Restarts);
    }
}
