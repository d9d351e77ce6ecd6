using System.Runtime.InteropServices;
using Feeds.Actors;
using Feeds.Actors.Mailboxes;
using Xunit;

namespace Feeds.Tests.Actors;

public sealed class ActorAllocationTests : ActorFixture
{
    [Fact]
    public async Task A_message_of_64_bytes_is_taken_without_allocation()
    {
        // Twice: the first actor warms the code up. All messages are there before the loop begins, so it never waits.
        foreach (var name in new[] { "warm", "measured" })
        {
            var gate = new TaskCompletionSource();
            var actor = System.ActorOf(Props(gate.Task), name);
            Tell(actor, 200);
            gate.SetResult();
            await Eventually.True(() => Node(name).Mailbox.Total == 0, "worked off");
        }
        Assert.Equal((true, 0L), await System.InspectAsync("measured", TimeSpan.FromSeconds(1)).Ends());
    }

    [Fact]
    public void Telling_allocates_nothing_on_the_senders_thread()
    {
        // The actor hangs in its start, so that nothing but the telling is measured.
        var gate = new TaskCompletionSource();
        var actor = System.ActorOf(Props(gate.Task), "a");
        Tell(actor, 2_000);
        gate.SetResult();
        SpinWait.SpinUntil(() => Node("a") is { Processed: > 1_000, Mailbox.Total: 0 }, TimeSpan.FromSeconds(20));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Tell(actor, 2_000);
        // The thread pool may allocate a little for itself when it is woken; a box for each message would be 160 000
        // bytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    private static void Tell(ActorRef<Wide> actor, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var messageClass =
                i % 3 == 0 ? MessageClass.Conflate : i % 50 == 1 ? MessageClass.Barrier : MessageClass.Data;
            actor.Tell(new Wide { Class = messageClass });
        }
    }

    private static Wide Stamp(Wide wide, int replaced) => wide with { Value = replaced };

    private static Props<Wide> Props(Task start) => new(() => new Measuring(start))
    {
        Mailbox = new MailboxOptions<Wide>
        {
            DataCapacity = 4096,
            Classify = static wide => wide.Class,
            WithReplaced = Stamp,
            Discarded = static _ => { },
        },
    };

    [StructLayout(LayoutKind.Sequential, Size = 72)]
    private record struct Wide
    {
        public MessageClass Class { get; init; }

        public long Value { get; init; }
    }

    /// <summary>
    /// Shows whether one thread took all its messages, and what that thread allocated from the first to the last.
    /// </summary>
    private sealed class Measuring(Task start) : Actor<Wide>
    {
        private int _thread;
        private bool _sameThread = true;
        private long _first;
        private long _last;

        protected override async ValueTask PreStart(CancellationToken stopping) => await start;

        protected override ValueTask Receive(Wide message, CancellationToken stopping)
        {
            _last = GC.GetAllocatedBytesForCurrentThread();
            if (_thread == 0) (_thread, _first) = (Environment.CurrentManagedThreadId, _last);
            _sameThread &= _thread == Environment.CurrentManagedThreadId;
            return default;
        }

        protected override object Inspect() => (_sameThread, _last - _first);
    }
}
