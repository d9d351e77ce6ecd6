using System.Threading.Tasks.Sources;

namespace Feeds.Actors.Mailboxes;

/// <summary>
/// Wakes one waiting consumer, without allocation. A signal given while nobody waits is kept (once), so that
/// "put something in, then <see cref="Set"/>" is never missed by "look, then <see cref="WaitAsync"/>".
/// </summary>
internal sealed class WakeUp : IValueTaskSource
{
    private const int Quiet = 0;
    private const int Signalled = 1;
    private const int Waiting = 2;

    // Without asynchronous continuations the sender would run the consumer's loop inside its Tell.
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private int _state;

    /// <summary>Wakes the consumer, or keeps the signal for its next wait. From any thread.</summary>
    public void Set()
    {
        // The full fence orders the sender's write before this read; the consumer's exchange does the same on its side.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _state) == Signalled) return;
        if (Interlocked.Exchange(ref _state, Signalled) == Waiting) _source.SetResult(true);
    }

    /// <summary>
    /// Ends at the next signal, at once when one is kept; uses the signal up. One consumer, one wait at a time.
    /// </summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Quiet, Signalled) == Signalled) return default;
        _source.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Quiet) == Quiet)
            return new ValueTask(this, _source.Version);
        Interlocked.Exchange(ref _state, Quiet);
        return default;
    }

    void IValueTaskSource.GetResult(short token)
    {
        _source.GetResult(token);
        Interlocked.Exchange(ref _state, Quiet);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
