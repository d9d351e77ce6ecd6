using System.Threading.Channels;

namespace Feeds.Storage.Journals;

/// <summary>
/// Flushes a journal in time: at an interval, and for a tick once, when its last symbol's event is encoded or a moment after the
/// first. Who has rows waits here until their events are durable.
/// </summary>
public sealed class JournalFlusher
{
    private readonly JournalWriter _writer;
    private readonly TimeProvider _time;
    private readonly FlushOptions _options;
    private readonly Action<StorageException>? _onUnavailable;
    private readonly Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource<long>, long> _waiting = new();

    // One wish is as good as many: more of them are one flush.
    private readonly Channel<bool> _wishes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private StorageException? _failure;
    private long _tick;
    private int _tickOutstanding;
    private ITimer? _tickTimer;

    /// <summary>Makes a flusher; it does nothing before <see cref="RunAsync"/>.</summary>
    /// <param name="writer">The journal.</param>
    /// <param name="time">The clock of the intervals.</param>
    /// <param name="options">When.</param>
    /// <param name="onUnavailable">Told each time the disk takes nothing; the flush is tried again at the next interval.</param>
    public JournalFlusher(
        JournalWriter writer, TimeProvider time, FlushOptions options, Action<StorageException>? onUnavailable = null)
    {
        _writer = writer;
        _time = time;
        _options = options;
        _onUnavailable = onUnavailable;
    }

    /// <summary>Flushes until cancelled, then once more. Fails when the journal has failed for good.</summary>
    /// <exception cref="StorageSuspectException">The disk did not confirm; the process must end. All who wait get it too.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using ITimer interval = _time.CreateTimer(static state => ((JournalFlusher)state!).Wish(), this, _options.Interval, _options.Interval);
        try
        {
            while (await _wishes.Reader.WaitToReadAsync(cancellationToken))
            {
                _wishes.Reader.TryRead(out _);
                FlushOnce();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            FlushOnce();
        }
        finally
        {
            Fail(_failure ?? new StorageException(string.Empty, "the journal is no longer flushed"));
        }
    }

    /// <summary>A tick is on its way to so many symbols: the flush waits for that many of <see cref="TickEncoded"/>.</summary>
    public void ExpectTick(long tickTime, int symbols)
    {
        lock (_gate)
        {
            _tick = tickTime;
            _tickOutstanding = symbols;
            _tickTimer?.Dispose();
            _tickTimer = null;
        }
    }

    /// <summary>A symbol's tick is encoded. Ticks of another time than the expected one wait for the interval.</summary>
    public void TickEncoded(long tickTime)
    {
        lock (_gate)
        {
            if (tickTime != _tick || _tickOutstanding == 0)
            {
                return;
            }

            if (--_tickOutstanding == 0)
            {
                _tickTimer?.Dispose();
                _tickTimer = null;
                Wish();
            }
            else
            {
                _tickTimer ??= _time.CreateTimer(
                    static state => ((JournalFlusher)state!).Wish(), this, _options.TickWait, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>
    /// Completes when the event at a position is durable, with the high watermark. A cancel ends the waiting, not the flush.
    /// </summary>
    /// <exception cref="StorageException">The flusher has ended before.</exception>
    /// <exception cref="StorageSuspectException">The journal has failed for good.</exception>
    public ValueTask<long> WhenDurableAsync(long position, CancellationToken cancellationToken)
    {
        TaskCompletionSource<long> waiting;
        lock (_gate)
        {
            if (_writer.DurablePosition >= position)
            {
                return ValueTask.FromResult(_writer.DurablePosition);
            }

            if (_failure is not null)
            {
                return ValueTask.FromException<long>(_failure);
            }

            waiting = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(waiting, position);
        }

        return new ValueTask<long>(waiting.Task.WaitAsync(cancellationToken));
    }

    /// <summary>Asks for a flush now.</summary>
    public void Wish() => _wishes.Writer.TryWrite(true);

    private void FlushOnce()
    {
        try
        {
            long durable = _writer.Flush();
            lock (_gate)
            {
                while (_waiting.TryPeek(out TaskCompletionSource<long>? waiting, out long position) && position <= durable)
                {
                    _waiting.Dequeue();
                    waiting.TrySetResult(durable);
                }
            }
        }
        catch (StorageSuspectException e)
        {
            Fail(e);
            throw;
        }
        catch (StorageException e)
        {
            _onUnavailable?.Invoke(e);
        }
    }

    private void Fail(StorageException failure)
    {
        lock (_gate)
        {
            _failure = failure;
            _tickTimer?.Dispose();
            while (_waiting.TryDequeue(out TaskCompletionSource<long>? waiting, out _))
            {
                waiting.TrySetException(failure);
            }
        }
    }
}
