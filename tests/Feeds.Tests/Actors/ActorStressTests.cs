using Feeds.Actors;
using Feeds.Actors.Mailboxes;
using Feeds.Actors.Supervision;
using Feeds.Tests.Actors.Mailboxes;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Actors;

/// <summary>
/// Many senders, a small mailbox, failures and restarts in between: nothing is lost, doubled or out of order.
/// </summary>
public sealed class ActorStressTests
{
    private const int Senders = 4;
    private const int Each = 10_000;
    private const int PoisonEvery = 97;

    private readonly ManualTimeProvider _clock = new();
    private readonly int[] _last = new int[Senders];
    private int _taken;
    private int _discarded;
    private int _outOfOrder;
    private int _together;
    private int _inside;

    [Fact]
    public async Task No_message_is_lost_doubled_or_out_of_order_over_restarts()
    {
        await using var system = new ActorSystem("test", _clock);
        var actor = Create(system, Props() with
        {
            Supervision = new SupervisorStrategy
            {
                Decider = static failure => failure.Message == "resume" ? Directive.Resume : Directive.Restart,
            },
        });
        using var done = new CancellationTokenSource();
        var mover = MoveTimeAsync(done.Token);
        var senders = Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            for (var i = 1; i <= Each; i++)
            {
                var kind = i % 50 == 0 ? MessageClass.Command : i % 10 == 0 ? MessageClass.Barrier : MessageClass.Data;
                Assert.True(await actor.TellAsync(new Note(kind, i, sender)));
            }
        }));
        await Task.WhenAll(senders).WaitAsync(TimeSpan.FromSeconds(60));
        await Eventually.True(() => Volatile.Read(ref _taken) == Senders * Each, "every message was taken");
        await done.CancelAsync();
        await mover;
        Assert.Equal((0, 0, 0), (_outOfOrder, _together, _discarded));
        Assert.Equal(Senders * Each, system.Tree().Children[0].Processed);
        Assert.True(system.Tree().Children[0].Restarts > 100);
    }

    [Fact]
    public async Task Every_message_is_taken_or_given_back_exactly_once_when_the_actor_is_stopped_in_between()
    {
        for (var round = 0; round < 30; round++)
        {
            _taken = _discarded = 0;
            await using var system = new ActorSystem("test", _clock);
            var actor = Create(system, Props());
            var told = 0;
            var senders = Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
            {
                var random = new Random(sender);
                for (var i = 1; !actor.Stopped.IsCompleted; i++)
                {
                    Interlocked.Increment(ref told);
                    var note = new Note((MessageClass)random.Next(4), 1 + (PoisonEvery * i), sender);
                    if (random.Next(2) == 0) actor.Tell(note);
                    else await actor.TellAsync(note);
                }
            })).ToArray();
            await Eventually.True(() => Volatile.Read(ref _taken) > 200 * (round % 5), "some were taken");
            system.Stop(actor, round % 2 == 0 ? StopMode.Now : StopMode.Drained);
            await actor.Stopped.Ends();
            await Task.WhenAll(senders).Ends();
            Assert.Equal(told, _taken + _discarded);
        }
    }

    private static ActorRef<Note> Create(ActorSystem system, Props<Note> props) => system.ActorOf(props, "a");

    private Props<Note> Props() => new(() => new Counting(this))
    {
        Mailbox = Note.Options(data: 8, commands: 4, discarded: _ => Interlocked.Increment(ref _discarded)),
    };

    private async Task MoveTimeAsync(CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }
    }

    private sealed class Counting(ActorStressTests test) : Actor<Note>
    {
        protected override async ValueTask Receive(Note message, CancellationToken stopping)
        {
            if (Interlocked.Increment(ref test._inside) != 1) Interlocked.Increment(ref test._together);
            try
            {
                Interlocked.Increment(ref test._taken);
                // A command overtakes data, so order is that of the data alone.
                if (message.Class is MessageClass.Data or MessageClass.Barrier)
                {
                    if (message.Value <= test._last[message.Floor]) Interlocked.Increment(ref test._outOfOrder);
                    test._last[message.Floor] = message.Value;
                }
                if (message.Value % 31 == 0) await Task.Yield();
                if (message.Value % PoisonEvery == 0)
                    throw new PoisonException(message.Value % 2 == 0 ? "resume" : "restart");
            }
            finally
            {
                Interlocked.Decrement(ref test._inside);
            }
        }
    }
}
