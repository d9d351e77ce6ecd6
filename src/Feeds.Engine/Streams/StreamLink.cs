using Feeds.Binance.Streams;

namespace Feeds.Engine.Streams;

/// <summary>
/// One connection of a group, from its opening to its end. A replacement holds its frames back until it is released, so
/// that the frames of two overlapping connections reach the symbols one after the other, in order, and never mixed.
/// </summary>
internal sealed class StreamLink : IFrameReceiver, IDisposable
{
    // Some seconds of the fullest connection; more means that the hand-over does not come to an end.
    private const long MaxHeldBytes = 64_000_000;

    private readonly StreamGroup _group;
    private readonly StreamRouter _router;
    private readonly StreamOpener _opener;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly List<(byte[] Frame, long ReceiveTime)> _held = [];
    private readonly CancellationTokenSource _retiring = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StreamConnection? _connection;
    private volatile bool _holds;
    private long _heldBytes;
    private long _busyFrames;

    public StreamLink(StreamGroup group, StreamRouter router, StreamOpener opener, bool holds)
    {
        _group = group;
        _router = router;
        _opener = opener;
        _holds = holds;
    }

    /// <summary>When its streams were all asked for and acknowledged, epoch ms; 0 before.</summary>
    public long OpenedTime { get; set; }

    /// <summary>Done when nothing is read from it any more.</summary>
    public Task Ended => _ended.Task;

    /// <summary>True while a frame waits for room in a mailbox: what is silent then is us.</summary>
    public bool IsBusy => Volatile.Read(ref _busyFrames) > 0;

    /// <summary>The first position of each stream on this connection: ids that rise, such as a trade's.</summary>
    public StreamPulses First => _router.First;

    /// <summary>The newest position of each stream on this connection.</summary>
    public StreamPulses Newest => _router.Newest;

    /// <summary>The streams that were asked for on it and not given up; none before it is open.</summary>
    public IReadOnlyList<StreamName> Asked => Volatile.Read(ref _connection)?.Streams ?? [];

    /// <summary>
    /// Connects, asks for the group's streams, says when they were acknowledged, and reads until the end.
    /// </summary>
    public async Task RunAsync(Func<CancellationToken, ValueTask> opened, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, _retiring.Token);
        try
        {
            await using StreamConnection connection = await _opener.OpenAsync(_group.Endpoint, either.Token);
            Volatile.Write(ref _connection, connection);
            Task reading = connection.RunAsync(this, either.Token);
            await _opener.CountAsync(async () =>
            {
                Task asking = connection.SubscribeAsync([.. _group.Streams], either.Token);
                if (await Task.WhenAny(reading, asking) == asking)
                {
                    await asking;
                    await opened(either.Token);
                }

                return true;
            });

            await reading;
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    /// <summary>
    /// Asks for streams and gives others up; nothing happens before the connection is open, as it then asks for all.
    /// </summary>
    public async Task ChangeAsync(
        IReadOnlyCollection<StreamName> add, IReadOnlyCollection<StreamName> remove,
        CancellationToken cancellationToken)
    {
        if (OpenedTime == 0 || Volatile.Read(ref _connection) is not { } connection)
        {
            return;
        }

        if (remove.Count > 0)
        {
            await connection.UnsubscribeAsync(remove, cancellationToken);
        }

        if (add.Count > 0)
        {
            await connection.SubscribeAsync(add, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask ReceiveAsync(ReadOnlyMemory<byte> frame, long receiveTime, CancellationToken cancellationToken)
    {
        _group.CountRead();
        if (_holds)
        {
            return HoldAsync(frame, receiveTime, cancellationToken);
        }

        _group.Received(receiveTime);
        ValueTask routed = _router.RouteAsync(frame.Span, receiveTime, cancellationToken);
        return routed.IsCompletedSuccessfully ? default : WaitAsync(routed);
    }

    /// <summary>Hands over what was held back, in order, and from then on each frame as it comes.</summary>
    public async ValueTask ReleaseAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            foreach ((byte[] frame, long receiveTime) in _held)
            {
                _group.Received(receiveTime);
                await _router.RouteAsync(
                    frame.AsSpan(0, frame.Length - StreamConnection.TailBytes), receiveTime, cancellationToken);
            }

            _held.Clear();
            _holds = false;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Closes the connection; done when nothing is read from it any more.</summary>
    public async Task RetireAsync()
    {
        await _retiring.CancelAsync();
        await _ended.Task;
    }

    public void Dispose()
    {
        _retiring.Dispose();
        _gate.Dispose();
        _router.Dispose();
    }

    private async ValueTask HoldAsync(ReadOnlyMemory<byte> frame, long receiveTime, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_holds)
            {
                _group.Received(receiveTime);
                await _router.RouteAsync(frame.Span, receiveTime, cancellationToken);
                return;
            }

            _heldBytes += frame.Length;
            if (_heldBytes > MaxHeldBytes)
            {
                throw new StreamLostException(_group.Name, "overlap");
            }

            // The decoder reads in whole vectors, a little beyond the frame's end.
            byte[] copy = new byte[frame.Length + StreamConnection.TailBytes];
            frame.Span.CopyTo(copy);
            _held.Add((copy, receiveTime));
            _router.Peek(copy.AsSpan(0, frame.Length), receiveTime);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask WaitAsync(ValueTask routed)
    {
        Interlocked.Increment(ref _busyFrames);
        try
        {
            await routed;
        }
        finally
        {
            Interlocked.Decrement(ref _busyFrames);
        }
    }
}
