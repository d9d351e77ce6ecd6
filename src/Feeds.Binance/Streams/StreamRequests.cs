using System.Buffers;
using System.Net.WebSockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using Feeds.Binance.Limits;
using Feeds.Binance.Wire;
using Feeds.Core.Books;

namespace Feeds.Binance.Streams;

/// <summary>What is sent on a connection: requests in chunks and at a pace, with their answers matched by id.</summary>
internal sealed class StreamRequests : IDisposable
{
    private const int LongestAnswerBytes = 64 * 1024;

    private readonly WebSocket _socket;
    private readonly StreamRoute _route;
    private readonly StreamConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly SlidingBudget _budget;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly MessageDecoder _answers = new(
        SymbolTable.Empty, new BookLevelsPool(1, 1), new BookLevelsPool(1, 1));
    private readonly Lock _lock = new();
    private readonly Dictionary<long, TaskCompletionSource> _pending = [];
    private readonly HashSet<StreamName> _streams = [];
    private long _lastId;
    private bool _ended;

    public StreamRequests(WebSocket socket, StreamRoute route, StreamConnectionOptions options, TimeProvider time)
    {
        _socket = socket;
        _route = route;
        _options = options;
        _time = time;
        _budget = new SlidingBudget(options.RequestsPerSecond, TimeSpan.FromSeconds(1), time);
    }

    public IReadOnlyList<StreamName> Streams
    {
        get
        {
            lock (_lock)
            {
                return [.. _streams];
            }
        }
    }

    public void Dispose() => _sending.Dispose();

    public async Task SubscribeAsync(IReadOnlyCollection<StreamName> streams, CancellationToken cancellationToken)
    {
        if (streams.FirstOrDefault(stream => stream.Route != _route) is { } wrong)
        {
            // The exchange would acknowledge it and never send anything.
            throw new ArgumentException($"{wrong} is delivered over {wrong.Route}, not over {_route}", nameof(streams));
        }

        lock (_lock)
        {
            if (_streams.Union(streams).Count() > _options.MaxStreams)
            {
                throw new StreamRequestException(0, $"more than {_options.MaxStreams} streams on one connection");
            }
        }

        foreach (StreamName[] chunk in streams.Chunk(_options.NamesPerRequest))
        {
            lock (_lock)
            {
                _streams.UnionWith(chunk);
            }

            await RequestAsync("SUBSCRIBE", chunk, cancellationToken);
        }
    }

    public async Task UnsubscribeAsync(IReadOnlyCollection<StreamName> streams, CancellationToken cancellationToken)
    {
        foreach (StreamName[] chunk in streams.Chunk(_options.NamesPerRequest))
        {
            lock (_lock)
            {
                _streams.ExceptWith(chunk);
            }

            await RequestAsync("UNSUBSCRIBE", chunk, cancellationToken);
        }
    }

    /// <summary>True when the frame is the answer to a request.</summary>
    public bool TakeAnswer(ReadOnlySpan<byte> frame, long receiveTime)
    {
        if (frame.Length > LongestAnswerBytes || frame.StartsWith("{\"stream\""u8) || frame.StartsWith("{\"e\""u8))
        {
            return false;
        }

        _answers.Decode(frame, receiveTime, out DecodedMessage answer);
        if (answer.Kind is not (DecodedKind.Acknowledgement or DecodedKind.RequestError))
        {
            return false;
        }

        TaskCompletionSource? request;
        lock (_lock)
        {
            _pending.Remove(answer.RequestId, out request);
        }

        if (answer.Kind == DecodedKind.Acknowledgement)
        {
            request?.TrySetResult();
        }
        else
        {
            request?.TrySetException(
                new StreamRequestException(answer.ErrorCode, $"{answer.ErrorText} ({answer.ErrorCode})"));
        }

        return true;
    }

    /// <summary>Ends all requests that still wait: no answer will come.</summary>
    public void End()
    {
        TaskCompletionSource[] waiting;
        lock (_lock)
        {
            _ended = true;
            waiting = [.. _pending.Values];
            _pending.Clear();
        }

        foreach (TaskCompletionSource request in waiting)
        {
            request.TrySetException(new StreamRequestException(0, "the connection ended before the answer came"));
        }
    }

    /// <summary>Sends our close, after whatever is being sent.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
            }
        }
        finally
        {
            _sending.Release();
        }
    }

    private static ReadOnlyMemory<byte> Write(string method, StreamName[] streams, long id)
    {
        ArrayBufferWriter<byte> buffer = new();

        // Names go out as they are: letters of other scripts must not become escapes.
        using Utf8JsonWriter writer = new(
            buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        writer.WriteString("method"u8, method);
        writer.WriteStartArray("params"u8);
        foreach (StreamName stream in streams)
        {
            writer.WriteStringValue(stream.Text);
        }

        writer.WriteEndArray();
        writer.WriteNumber("id"u8, id);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private async Task RequestAsync(string method, StreamName[] streams, CancellationToken cancellationToken)
    {
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        long id;
        lock (_lock)
        {
            if (_ended)
            {
                throw new StreamRequestException(0, "the connection has ended");
            }

            id = ++_lastId;
            _pending[id] = answer;
        }

        try
        {
            await SendAsync(Write(method, streams, id), cancellationToken);
            await answer.Task.WaitAsync(_options.AnswerTimeout, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new StreamRequestException(
                0, $"{method} not answered within {_options.AnswerTimeout.TotalSeconds} s");
        }
        catch (Exception failure) when (failure is WebSocketException or ObjectDisposedException
            or InvalidOperationException)
        {
            throw new StreamRequestException(0, $"{method} could not be sent: {failure.Message}");
        }
        finally
        {
            lock (_lock)
            {
                _pending.Remove(id);
            }
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _budget.TakeAsync(cancellationToken);

            // A cancel in the middle of a frame would leave the connection of no use to the others.
            await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }
}
