using Feeds.Actors.Mailboxes;
using Xunit;

namespace Feeds.Tests.Actors.Mailboxes;

public sealed class WakeUpTests
{
    private readonly WakeUp _wakeUp = new();

    [Fact]
    public async Task A_signal_given_while_nobody_waits_is_kept_once()
    {
        _wakeUp.Set();
        _wakeUp.Set();
        Assert.True(_wakeUp.WaitAsync().AsTask().IsCompletedSuccessfully);
        var second = _wakeUp.WaitAsync().AsTask();
        Assert.False(second.IsCompleted);
        _wakeUp.Set();
        await second.Ends();
    }

    [Fact]
    public async Task The_waiting_one_does_not_run_inside_the_signal()
    {
        var signaller = Environment.CurrentManagedThreadId;
        var inside = false;
        var signalling = false;
        var waiter = WaitAsync();
        signalling = true;
        _wakeUp.Set();
        signalling = false;
        await waiter.Ends();
        Assert.False(inside);

        async Task WaitAsync()
        {
            await _wakeUp.WaitAsync();
            inside = signalling && Environment.CurrentManagedThreadId == signaller;
        }
    }

    [Fact]
    public async Task No_signal_is_missed_when_several_signal_at_any_time()
    {
        const int Each = 100_000;
        var given = 0;
        var senders = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                Interlocked.Increment(ref given);
                _wakeUp.Set();
            }
        })).ToArray();
        // Whoever sees less than all waits; a missed signal would leave this waiting for ever.
        while (Volatile.Read(ref given) < 2 * Each) await _wakeUp.WaitAsync().AsTask().Ends();
        await Task.WhenAll(senders).Ends();
    }
}
