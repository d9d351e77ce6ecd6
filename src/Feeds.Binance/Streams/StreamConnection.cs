using System.Net;
using System.Net.WebSockets;

namespace Feeds.Binance.Streams;

/// <summary>
/// One WebSocket connection of one route: made, asked for streams, read until its end. It neither reconnects nor
/// judges: its end is an exception that says why, and who supervises it decides.
/// </summary>
public sealed class StreamConnection : IAsyncDisposable
{
    /// <summary>Readable bytes behind every frame, so that a decoder may read in whole vectors.</summary>
    public const int TailBytes = 64;

    private const int FirstBufferBytes = 64 * 1024;

    private readonly ClientWebSocket _socket;
    private readonly HttpMessageInvoker _invoker;
    private readonly StreamConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly StreamRequests _requests;
    private readonly ITimer _watchdog;
    private readonly Lock _closeLock = new();
    private byte[] _buffer = new byte[FirstBufferBytes + TailBytes];
    private long _messageStart;
    private long _frames;
    private long _bytes;
    private long _lastFrameTime;
    private volatile bool _messageTimedOut;
    private readonly TaskCompletionSource _readEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _reading;
    private Task? _closing;

    private StreamConnection(
        ClientWebSocket socket,
        HttpMessageInvoker invoker,
        StreamEndpoint endpoint,
        StreamConnectionOptions options,
        TimeProvider time)
    {
        _socket = socket;
        _invoker = invoker;
        _options = options;
        _time = time;
        Endpoint = endpoint;
        ConnectTime = time.GetUtcNow().ToUnixTimeMilliseconds();
        _requests = new StreamRequests(socket, endpoint.Route, options, time);
        TimeSpan period = options.MessageTimeout / 4;
        _watchdog = time.CreateTimer(static state => ((StreamConnection)state!).CheckMessage(), this, period, period);
    }

    /// <summary>What it is connected to.</summary>
    public StreamEndpoint Endpoint { get; }

    /// <summary>When it was made, epoch ms.</summary>
    public long ConnectTime { get; }

    /// <summary>Frames received.</summary>
    public long Frames => Volatile.Read(ref _frames);

    /// <summary>Bytes received in whole frames.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>When the newest frame was received, epoch ms; 0 before the first.</summary>
    public long LastFrameTime => Volatile.Read(ref _lastFrameTime);

    /// <summary>The streams that were asked for and not given up; a copy.</summary>
    public IReadOnlyList<StreamName> Streams => _requests.Streams;

    /// <summary>Connects. After a cancel or a failure nothing is left open.</summary>
    /// <exception cref="StreamException">There is no connection; says why.</exception>
    public static async Task<StreamConnection> ConnectAsync(
        StreamEndpoint endpoint, StreamConnectionOptions options, TimeProvider time,
        CancellationToken cancellationToken)
    {
        ClientWebSocket socket = new();
        socket.Options.KeepAliveInterval = options.KeepAliveInterval;
        socket.Options.KeepAliveTimeout = options.KeepAliveTimeout;
        socket.Options.CollectHttpResponseDetails = true;
        HttpMessageInvoker invoker = Invoker(options);
        using CancellationTokenSource deadline = new(options.ConnectTimeout, time);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(endpoint.Address, invoker, either.Token);
            return new StreamConnection(socket, invoker, endpoint, options, time);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested
            && !cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            invoker.Dispose();
            throw new StreamException(
                StreamFailure.TimedOut,
                $"{endpoint.Address}: not connected within {options.ConnectTimeout.TotalSeconds} s");
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            invoker.Dispose();
            throw;
        }
        catch (WebSocketException failure)
        {
            StreamException named = StreamFailures.OfHandshake(endpoint, socket, failure);
            socket.Dispose();
            invoker.Dispose();
            throw named;
        }
    }

    /// <summary>
    /// Reads until the connection ends, and hands each frame but the answers to requests to the receiver. A cancel
    /// closes the connection cleanly, or cuts it after <see cref="StreamConnectionOptions.CloseTimeout"/>.
    /// </summary>
    /// <exception cref="StreamException">The connection ended; says why.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the connection is closed.</exception>
    public async Task RunAsync(IFrameReceiver receiver, CancellationToken cancellationToken)
    {
        _reading = true;
        using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static state => ((StreamConnection)state!).BeginClose(), this);
        try
        {
            await ReadAsync(receiver, cancellationToken);
        }
        catch (Exception failure) when (
            failure is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException
                || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Aborting a socket ends its pending read with one of these, by the moment at which it struck.
            cancellationToken.ThrowIfCancellationRequested();
            throw StreamFailures.OfConnection(Endpoint, _options, failure, _messageTimedOut);
        }
        finally
        {
            _requests.End();
            _readEnded.TrySetResult();
        }
    }

    /// <summary>
    /// Asks for streams; done when all requests were acknowledged, which does not prove that data will come. Only while
    /// <see cref="RunAsync"/> runs. After a cancel some of them may have been asked for.
    /// </summary>
    /// <exception cref="ArgumentException">A stream is delivered over the other route.</exception>
    /// <exception cref="StreamRequestException">
    /// Refused, not answered in time, or more streams than allowed.
    /// </exception>
    public Task SubscribeAsync(IReadOnlyCollection<StreamName> streams, CancellationToken cancellationToken) =>
        _requests.SubscribeAsync(streams, cancellationToken);

    /// <summary>Gives streams up; otherwise as <see cref="SubscribeAsync"/>.</summary>
    /// <exception cref="StreamRequestException">Refused or not answered in time.</exception>
    public Task UnsubscribeAsync(IReadOnlyCollection<StreamName> streams, CancellationToken cancellationToken) =>
        _requests.UnsubscribeAsync(streams, cancellationToken);

    /// <summary>
    /// Closes the connection cleanly, or cuts it after <see cref="StreamConnectionOptions.CloseTimeout"/>; a running
    /// <see cref="RunAsync"/> ends.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await BeginClose();
        await _watchdog.DisposeAsync();
        _requests.Dispose();
        _socket.Dispose();
        _invoker.Dispose();
    }

    private static HttpMessageInvoker Invoker(StreamConnectionOptions options)
    {
        // A handler of our own, as the socket's would follow a redirect to anywhere.
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PlaintextStreamFilter = static (context, _) => new ValueTask<Stream>(
                new TextFrameFilter(context.PlaintextStream)),
        };
        if (options.Proxy is not null)
        {
            handler.Proxy = new WebProxy(options.Proxy);
        }

        return new HttpMessageInvoker(handler);
    }

    private async Task ReadAsync(IFrameReceiver receiver, CancellationToken cancellationToken)
    {
        int filled = 0;
        while (true)
        {
            // Not cancelled by the token: that would cut the connection instead of closing it.
            ValueWebSocketReceiveResult result = await _socket.ReceiveAsync(
                _buffer.AsMemory(filled, _buffer.Length - TailBytes - filled), CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            if (result.MessageType == WebSocketMessageType.Close)
            {
                if (_socket.State == WebSocketState.CloseReceived)
                {
                    await BeginClose();
                }

                throw StreamFailures.OfClose(Endpoint, _socket);
            }

            filled += result.Count;
            if (!result.EndOfMessage)
            {
                Continue(filled);
                continue;
            }

            Volatile.Write(ref _messageStart, 0);
            long receiveTime = _time.GetUtcNow().ToUnixTimeMilliseconds();
            Volatile.Write(ref _frames, _frames + 1);
            Volatile.Write(ref _bytes, _bytes + filled);
            Volatile.Write(ref _lastFrameTime, receiveTime);
            ReadOnlyMemory<byte> frame = _buffer.AsMemory(0, filled);
            filled = 0;
            if (!_requests.TakeAnswer(frame.Span, receiveTime))
            {
                await receiver.ReceiveAsync(frame, receiveTime, cancellationToken);
            }
        }
    }

    private void Continue(int filled)
    {
        if (_messageStart == 0)
        {
            Volatile.Write(ref _messageStart, Math.Max(1, _time.GetTimestamp()));
        }

        if (filled < _buffer.Length - TailBytes)
        {
            return;
        }

        if (filled >= _options.MaxFrameBytes)
        {
            _socket.Abort();
            throw new StreamException(
                StreamFailure.FrameTooLarge,
                $"{Endpoint.Address}: a frame of more than {_options.MaxFrameBytes} bytes");
        }

        Array.Resize(ref _buffer, Math.Min(filled * 2, _options.MaxFrameBytes) + TailBytes);
    }

    private void CheckMessage()
    {
        long start = Volatile.Read(ref _messageStart);
        if (start != 0 && _time.GetElapsedTime(start) > _options.MessageTimeout)
        {
            _messageTimedOut = true;
            _socket.Abort();
        }
    }

    private Task BeginClose()
    {
        lock (_closeLock)
        {
            return _closing ??= CloseAsync();
        }
    }

    private async Task CloseAsync()
    {
        // The answer to our close is read by the loop that still runs; when it does not come in time, the socket is
        // cut.
        using CancellationTokenSource deadline = new(_options.CloseTimeout, _time);
        try
        {
            await _requests.CloseAsync(deadline.Token);
            if (_reading && _socket.State == WebSocketState.CloseSent)
            {
                await _readEnded.Task.WaitAsync(deadline.Token);
            }
        }
        catch (Exception failure) when (
            failure is WebSocketException or OperationCanceledException or ObjectDisposedException
                or InvalidOperationException)
        {
            // It was closed already, or is about to be cut: either way it ends here.
        }

        _socket.Abort();
    }
}
