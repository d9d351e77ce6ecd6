using Feeds.Actors;
using Feeds.Actors.Tree;
using Xunit;

namespace Feeds.Tests.Actors.Timers;

public sealed class TimerTests : ActorFixture
{
    [Fact]
    public async Task A_message_comes_once_after_its_delay()
    {
        await StartAsync(static context => context.ScheduleOnce(TimeSpan.FromSeconds(5), "due"));
        Clock.Advance(TimeSpan.FromSeconds(4.999));
        await SawAllAsync("#1 start");
        Clock.Advance(TimeSpan.FromSeconds(0.001));
        await Probe.SeesAsync("#1 start", "due");
        Clock.Advance(TimeSpan.FromMinutes(1));
        await SawAllAsync("#1 start", "due");
        await OnlyTheSamplerIsLeftAsync();
    }

    [Fact]
    public async Task A_message_comes_again_after_each_period()
    {
        await StartAsync(static context =>
            context.ScheduleRepeatedly(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), "due"));
        Clock.Advance(TimeSpan.FromSeconds(21));
        await Probe.SeesAsync("#1 start", "due", "due", "due");
    }

    [Fact]
    public async Task A_disposed_timer_tells_nothing()
    {
        await StartAsync(static context =>
        {
            context.ScheduleOnce(TimeSpan.FromSeconds(1), "never").Dispose();
            context.ScheduleRepeatedly(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), "never").Dispose();
        });
        Clock.Advance(TimeSpan.FromMinutes(1));
        await SawAllAsync("#1 start");
    }

    [Fact]
    public async Task A_restart_cancels_the_timers_of_the_old_instance()
    {
        Failing(Sharp);
        var actor = await StartAsync(static context =>
            context.ScheduleRepeatedly(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), "due"));
        actor.Tell("!");
        await Becomes(actor, ActorState.Backoff);
        await Eventually.True(() => Clock.PendingTimers == 2, "the system's own sampler and the backoff");
        Probe.OnStart = static (_, _) => default;
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Becomes(actor, ActorState.Running);
        Clock.Advance(TimeSpan.FromMinutes(10));
        await SawAllAsync("#1 start", "!", "#1 restart !", "#2 start");
    }

    [Fact]
    public async Task A_stop_cancels_the_timers()
    {
        var actor = await StartAsync(static context =>
            context.ScheduleRepeatedly(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), "due"));
        System.Stop(actor);
        await actor.Stopped.Ends();
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, System.DeadLetters.Total);
        await OnlyTheSamplerIsLeftAsync();
    }

    [Fact]
    public async Task A_timer_that_is_due_while_its_actor_drains_leaves_no_dead_letter()
    {
        var gate = new TaskCompletionSource();
        Probe.OnMessage = (_, _, _) => new ValueTask(gate.Task);
        var actor = await StartAsync(static context =>
            context.ScheduleRepeatedly(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), "due"));
        actor.Tell("busy");
        await Probe.SeesAsync("#1 start", "busy");
        System.Stop(actor, StopMode.Drained);
        Clock.Advance(TimeSpan.FromSeconds(3));
        gate.SetResult();
        await actor.Stopped.Ends();
        Assert.Equal(0, System.DeadLetters.Total);
    }

    [Fact]
    public async Task A_timer_set_in_the_last_hook_is_refused()
    {
        var refused = false;
        Probe.OnStop = actor =>
        {
            Assert.Throws<ObjectDisposedException>(
                () => actor.Surroundings.ScheduleOnce(TimeSpan.FromSeconds(1), "late"));
            refused = true;
            return default;
        };
        var actor = await StartAsync(static _ => { });
        System.Stop(actor);
        await actor.Stopped.Ends();
        Assert.True(refused);
    }

    private async Task<ActorRef<string>> StartAsync(Action<ActorContext<string>> schedule)
    {
        Probe.OnStart = (actor, _) =>
        {
            schedule(actor.Surroundings);
            return default;
        };
        var actor = System.ActorOf(Probe.Props with { Supervision = Sharp }, "a");
        await Becomes(actor, ActorState.Running);
        return actor;
    }

    private Task OnlyTheSamplerIsLeftAsync() =>
        Eventually.True(() => Clock.PendingTimers == 1, "no timer but the system's own");

    // An inspection goes through the actor's loop: what was told before it and is Data may still wait, so look twice.
    private async Task SawAllAsync(params string[] expected)
    {
        await Eventually.True(() => Node("a").Mailbox.Total == 0, "an empty mailbox");
        await System.InspectAsync("a", TimeSpan.FromSeconds(1)).Ends();
        Assert.Equal(expected, Probe.Seen);
    }
}
