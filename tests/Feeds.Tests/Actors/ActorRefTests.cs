using Feeds.Actors;
using Feeds.Actors.Mailboxes;
using Feeds.Actors.Tree;
using Xunit;

namespace Feeds.Tests.Actors;

public sealed class ActorRefTests : ActorFixture
{
    private readonly TaskCompletionSource _gate = new();

    [Fact]
    public async Task Tell_does_not_wait_and_says_when_there_is_no_room()
    {
        var actor = await BusyAsync(capacity: 1);
        Assert.True(actor.Tell("fits"));
        Assert.False(actor.Tell("too much"));
        Assert.Equal(DeadLetterReason.Full, Assert.Single(System.DeadLetters.Recent()).Reason);
        _gate.SetResult();
        await Probe.SeesAsync("#1 start", "busy", "fits");
    }

    [Fact]
    public async Task TellAsync_waits_for_room_and_keeps_the_order_of_its_sender()
    {
        var actor = await BusyAsync(capacity: 1);
        var sender = Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++) Assert.True(await actor.TellAsync($"{i}"));
        });
        await Eventually.True(() => Node("a").Mailbox.Data == 1, "a full mailbox");
        Assert.False(sender.IsCompleted);
        _gate.SetResult();
        await sender.Ends();
        await Probe.SeesAsync(["#1 start", "busy", .. Enumerable.Range(0, 50).Select(i => $"{i}")]);
        Assert.Equal(0, System.DeadLetters.Total);
    }

    [Fact]
    public async Task A_sender_that_gives_up_waiting_leaves_a_dead_letter()
    {
        var actor = await BusyAsync(capacity: 1);
        actor.Tell("fits");
        using var limit = new CancellationTokenSource();
        var waiting = actor.TellAsync("waits", limit.Token).AsTask();
        Assert.False(waiting.IsCompleted);
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Ends());
        Assert.Equal(DeadLetterReason.Cancelled, Assert.Single(System.DeadLetters.Recent()).Reason);
        _gate.SetResult();
        await Probe.SeesAsync("#1 start", "busy", "fits");
    }

    [Fact]
    public async Task A_sender_that_waits_when_the_actor_stops_is_told_so()
    {
        var actor = await BusyAsync(capacity: 1);
        actor.Tell("fits");
        var waiting = actor.TellAsync("waits").AsTask();
        System.Stop(actor);
        Assert.False(await waiting.Ends());
        _gate.SetResult();
        await actor.Stopped.Ends();
        Assert.Equal(2, System.DeadLetters.Total);
    }

    [Fact]
    public async Task Ask_returns_the_answer()
    {
        var actor = System.ActorOf(new Props<Question>(() => new Answering()), "a");
        Assert.Equal(42, await AskAsync(actor, 21).Ends());
    }

    [Fact]
    public async Task Ask_throws_what_was_answered_as_a_failure_and_the_actor_lives()
    {
        var actor = System.ActorOf(new Props<Question>(() => new Answering()), "a");
        Assert.Equal("negative", (await Assert.ThrowsAsync<PoisonException>(() => AskAsync(actor, -1).Ends())).Message);
        Assert.Equal(ActorState.Running, actor.State);
    }

    [Fact]
    public async Task Ask_gives_up_after_its_timeout_and_names_actor_and_time()
    {
        var actor = System.ActorOf(new Props<Question>(() => new Answering()), "a");
        var asking = AskAsync(actor, 0);
        Clock.Advance(TimeSpan.FromSeconds(1.499));
        Assert.False(asking.IsCompleted);
        Clock.Advance(TimeSpan.FromSeconds(0.001));
        var failure = await Assert.ThrowsAsync<AskTimeoutException>(() => asking.Ends());
        Assert.Equal(("a", TimeSpan.FromSeconds(1.5)), (failure.Path, failure.Timeout));
        Assert.Equal("a did not answer within 1500 ms.", failure.Message);
    }

    [Fact]
    public async Task An_answer_that_comes_after_the_asker_gave_up_is_told_so()
    {
        Reply<int>? late = null;
        var actor = System.ActorOf(new Props<Question>(() => new Answering()), "a");
        var asking = actor.Ask<int>(reply => new Question(0, late = reply), TimeSpan.FromSeconds(1));
        Assert.NotNull(late);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<AskTimeoutException>(() => asking.Ends());
        Assert.False(late.TrySet(1));
    }

    [Fact]
    public async Task Ask_counts_the_wait_for_room_into_its_timeout()
    {
        var gate = new TaskCompletionSource();
        var actor = System.ActorOf(
            new Props<Question>(() => new Answering(gate.Task))
            {
                Mailbox = new MailboxOptions<Question> { DataCapacity = 1 },
            },
            "a");
        actor.Tell(new Question(1, new Reply<int>()));
        await Eventually.True(() => Node("a").Processed == 1, "busy");
        actor.Tell(new Question(1, new Reply<int>()));
        var asking = AskAsync(actor, 2);
        Clock.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<AskTimeoutException>(() => asking.Ends());
        gate.SetResult();
    }

    [Fact]
    public async Task Ask_ends_when_the_actor_is_gone_or_goes()
    {
        var actor = System.ActorOf(new Props<Question>(() => new Answering()), "a");
        var asking = AskAsync(actor, 0);
        await Eventually.True(() => Node("a").Processed == 1, "the question was taken");
        System.Stop(actor);
        await Assert.ThrowsAsync<ActorStoppedException>(() => asking.Ends());
        await Assert.ThrowsAsync<ActorStoppedException>(() => AskAsync(actor, 1).Ends());
    }

    [Fact]
    public async Task Ask_can_be_cancelled()
    {
        var actor = System.ActorOf(new Props<Question>(() => new Answering()), "a");
        using var limit = new CancellationTokenSource();
        var asking = actor.Ask<int>(reply => new Question(0, reply), TimeSpan.FromSeconds(1), limit.Token);
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.Ends());
    }

    [Fact]
    public void The_first_answer_counts()
    {
        var reply = new Reply<int>();
        Assert.True(reply.TrySet(1));
        Assert.False(reply.TrySet(2));
        Assert.False(reply.TryFail(new PoisonException("late")));
        Assert.True(reply.Task.IsCompletedSuccessfully);
    }

    private static Task<int> AskAsync(ActorRef<Question> actor, int number) =>
        actor.Ask<int>(reply => new Question(number, reply), TimeSpan.FromSeconds(1.5));

    private async Task<ActorRef<string>> BusyAsync(int capacity)
    {
        Probe.OnMessage = (_, message, _) => message == "busy" ? new ValueTask(_gate.Task) : default;
        var actor = System.ActorOf(
            Probe.Props with { Mailbox = new MailboxOptions<string> { DataCapacity = capacity } }, "a");
        actor.Tell("busy");
        await Probe.SeesAsync("#1 start", "busy");
        return actor;
    }

    private readonly record struct Question(int Number, Reply<int> Reply);

    /// <summary>Doubles positive numbers, fails negative ones, and leaves zero without an answer.</summary>
    private sealed class Answering(Task? gate = null) : Actor<Question>
    {
        protected override async ValueTask Receive(Question message, CancellationToken stopping)
        {
            if (gate is not null) await gate;
            if (message.Number < 0) message.Reply.TryFail(new PoisonException("negative"));
            else if (message.Number > 0) message.Reply.TrySet(2 * message.Number);
        }
    }
}
