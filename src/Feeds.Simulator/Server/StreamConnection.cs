using System.Threading.Channels;
using Feeds.Simulator.Faults;

namespace Feeds.Simulator.Server;

/// <summary>
/// One client's stream connection: its subscriptions, its queue of frames, and the venue's rules about it (messages per
/// second, streams at most, pings, age).
/// </summary>
internal sealed class StreamConnection : IDisposable
{
    private readonly StreamHub _hub;
    private Stream _stream = Stream.Null;
    private readonly Action _abort;
    private readonly Channel<OutgoingFrame> _queue;
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StreamTopic?> _subscriptions = new(StringComparer.Ordinal);
    private readonly MessageRate _received;
    private readonly TaskCompletionSource _thawed = new();
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _silent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastPing;
    private long _lastPong;
    private volatile bool _closing;
    private volatile bool _frozen;
    private TimeSpan? _drip;

    public StreamConnection(StreamHub hub, int number, StreamRoute route, bool combined, Action abort)
    {
        _hub = hub;
        Number = number;
        Route = route;
        IsCombined = combined;
        _abort = abort;
        // Full means that the client does not keep up: the venue then closes the connection, as the real one does.
        _queue = Channel.CreateBounded<OutgoingFrame>(new BoundedChannelOptions(hub.Options.MaxQueuedMessages)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait,
        });
        _received = new MessageRate(hub.Options.MaxClientMessagesPerSecond);
        OpenedTime = hub.Now;
        _lastPing = OpenedTime;
        _lastPong = OpenedTime;
    }

    /// <summary>1, 2, 3 … in the order of the handshakes.</summary>
    public int Number { get; }

    public StreamRoute Route { get; }

    /// <summary>True when messages come in the envelope with the stream's name.</summary>
    public bool IsCombined { get; }

    /// <summary>When it was opened, by the venue's clock, epoch ms.</summary>
    public long OpenedTime { get; }

    /// <summary>True until it closes.</summary>
    public bool IsOpen => !_ended.IsCancellationRequested;

    /// <summary>True while a fault keeps it from sending as it should.</summary>
    public bool IsStuck => _frozen || _drip is not null;

    public IReadOnlyList<string> Subscriptions
    {
        get
        {
            lock (_gate)
            {
                return [.. _subscriptions.Keys];
            }
        }
    }

    /// <summary>Serves the connection over what the handshake left, until one side ends it.</summary>
    public async Task RunAsync(Stream stream, CancellationToken cancellation)
    {
        _stream = stream;
        using CancellationTokenRegistration stop = cancellation.Register(() => Close(1001, "shutting down"));
        Task writing = WriteAsync();
        try
        {
            await ReadAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone: a normal end of a connection.
        }

        _silent.TrySetResult();

        // A close that we began still has to reach the client.
        if (_closing)
        {
            await writing.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        End();
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Queues a frame. A client that lets its queue run full is cut off.</summary>
    public void Offer(in OutgoingFrame frame)
    {
        if (!_closing && !_queue.Writer.TryWrite(frame))
        {
            _hub.Ledger.Note(Number, "closed: the client does not keep up");
            Reset();
        }
    }

    /// <summary>Completes once everything queued so far is on the wire, or the connection has ended.</summary>
    public Task FlushAsync()
    {
        if (!IsOpen || _frozen || _closing || _drip is not null)
        {
            return Task.CompletedTask;
        }

        TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Offer(new OutgoingFrame([], null, default, FaultKind.None, written));
        return Task.WhenAny(written.Task, _gone.Task);
    }

    /// <summary>Sends a close frame behind what is queued, then ends the connection.</summary>
    public void Close(int code, string reason)
    {
        if (_closing)
        {
            return;
        }

        _hub.Ledger.Note(Number, $"closed {code} {reason}");
        _queue.Writer.TryWrite(
            new OutgoingFrame(WebSocketFrames.EncodeClose(code, reason), null, default, FaultKind.None, null));
        _closing = true;
        _queue.Writer.TryComplete();
    }

    /// <summary>Ends the connection at once with a TCP reset.</summary>
    public void Reset()
    {
        _hub.Ledger.Note(Number, "reset");
        _abort();
        End();
    }

    /// <summary>
    /// Sends from now on one byte at a time, with a delay of the clock after each; null for no longer.
    /// </summary>
    public void Drip(TimeSpan? delay) => _drip = delay;

    /// <summary>Stops sending and reading; the client notices nothing but silence.</summary>
    public void Freeze() => _frozen = true;

    /// <summary>
    /// Ends a freeze: the connection breaks, as a half-open one does when a packet gets through again.
    /// </summary>
    public void Thaw()
    {
        if (_frozen)
        {
            _thawed.TrySetResult();
            Reset();
        }
    }

    /// <summary>Keeps the rules that depend on time: pings, pongs, age.</summary>
    public void Check(long now)
    {
        VenueTwinOptions options = _hub.Options;
        if (_frozen || _closing)
        {
            return;
        }

        if (now - OpenedTime >= options.MaxConnectionAge.TotalMilliseconds)
        {
            Close(1001, "connection age");
        }
        else if (_lastPing > _lastPong && now - _lastPong >= options.PongTimeout.TotalMilliseconds)
        {
            Close(1008, "Pong timeout");
        }
        else if (now - _lastPing >= options.PingInterval.TotalMilliseconds)
        {
            _lastPing = now;
            FrameWriter payload = new();
            Offer(new OutgoingFrame(
                WebSocketFrames.Encode(WebSocketFrames.Ping, payload.Number(now).Written), null, default,
                    FaultKind.None, null));
        }
    }

    /// <summary>Adds streams; unknown ones are taken note of and never deliver, without a word.</summary>
    /// <returns>False when the connection would carry more streams than it may.</returns>
    public bool Subscribe(IEnumerable<string> names)
    {
        lock (_gate)
        {
            foreach (string name in names)
            {
                if (_subscriptions.ContainsKey(name))
                {
                    continue;
                }

                if (_subscriptions.Count >= _hub.Options.MaxStreams)
                {
                    return false;
                }

                StreamTopic? topic = _hub.Find(name, Route);
                _subscriptions.Add(name, topic);
                topic?.Add(this);
            }

            return true;
        }
    }

    /// <summary>Removes streams; those that it does not have are no error.</summary>
    public void Unsubscribe(IEnumerable<string> names)
    {
        lock (_gate)
        {
            foreach (string name in names)
            {
                if (_subscriptions.Remove(name, out StreamTopic? topic))
                {
                    topic?.Remove(this);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        End();
        _ended.Dispose();
        _stream.Dispose();
    }

    private async Task ReadAsync()
    {
        ClientFrameReader reader = new(_stream);
        while (await reader.ReadAsync(_ended.Token) is { } frame)
        {
            if (_frozen)
            {
                await _thawed.Task.WaitAsync(_ended.Token);
                return;
            }

            if (frame.Opcode == WebSocketFrames.Close)
            {
                // RFC 6455 5.5.1: answer a close with a close, unless it is the answer to ours.
                Reply(WebSocketFrames.Close, frame.Payload);
                _closing = true;
                _queue.Writer.TryComplete();
                return;
            }

            if (_received.IsTooMany(_hub.Now))
            {
                Close(1008, "Too many requests");
                continue;
            }

            switch (frame.Opcode)
            {
                case WebSocketFrames.Pong:
                    _lastPong = _hub.Now;
                    break;
                case WebSocketFrames.Ping:
                    Reply(WebSocketFrames.Pong, frame.Payload);
                    break;
                case WebSocketFrames.Text or WebSocketFrames.Binary:
                    Answer(frame.Payload);
                    break;
            }
        }
    }

    private void Reply(byte opcode, ReadOnlySpan<byte> payload) =>
        Offer(new OutgoingFrame(WebSocketFrames.Encode(opcode, payload), null, default, FaultKind.None, null));

    private void Answer(byte[] message)
    {
        FrameWriter answer = new();
        bool more = ControlMessages.Answer(this, message, answer, _hub.Options.MaxStreams);
        if (answer.Written.Length > 0)
        {
            Reply(WebSocketFrames.Text, answer.Written);
        }

        if (!more)
        {
            Close(1008, "Too many streams");
        }
    }

    private async Task WriteAsync()
    {
        byte[] batch = new byte[64 * 1024];
        List<OutgoingFrame> frames = [];
        try
        {
            while (await _queue.Reader.WaitToReadAsync(_ended.Token))
            {
                int length = 0;
                frames.Clear();
                while (_queue.Reader.TryPeek(out OutgoingFrame frame)
                    && (length == 0 || length + frame.Bytes.Length <= batch.Length)
                    && _queue.Reader.TryRead(out frame))
                {
                    if (frame.Bytes.Length > batch.Length)
                    {
                        Array.Resize(ref batch, frame.Bytes.Length);
                    }

                    frame.Bytes.CopyTo(batch, length);
                    length += frame.Bytes.Length;
                    frames.Add(frame);
                }

                if (_frozen)
                {
                    await _thawed.Task.WaitAsync(_ended.Token);
                    return;
                }

                await SendAsync(batch.AsMemory(0, length));
                _hub.Ledger.Sent(Number, frames);
                foreach (OutgoingFrame frame in frames)
                {
                    frame.Written?.TrySetResult();
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone; what was not written is not in the ledger.
        }

        // After a close frame the client has a moment to answer it; then the connection is cut.
        await _silent.Task.WaitAsync(TimeSpan.FromSeconds(2), CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        End();
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (_drip is { } delay && bytes.Length > 0)
        {
            await _stream.WriteAsync(bytes[..1], _ended.Token);
            await _stream.FlushAsync(_ended.Token);
            bytes = bytes[1..];
            await Task.Delay(delay, _hub.Time, _ended.Token);
        }

        await _stream.WriteAsync(bytes, _ended.Token);
        await _stream.FlushAsync(_ended.Token);
    }

    private void End()
    {
        List<string> names;
        lock (_gate)
        {
            if (_ended.IsCancellationRequested)
            {
                return;
            }

            names = [.. _subscriptions.Keys];
            _ended.Cancel();
        }

        _gone.TrySetResult();
        _silent.TrySetResult();
        _closing = true;
        _queue.Writer.TryComplete();
        Unsubscribe(names);
        _hub.Forget(this);
    }
}
