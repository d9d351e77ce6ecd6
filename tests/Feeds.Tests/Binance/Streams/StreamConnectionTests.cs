using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Feeds.Binance.Streams;
using Feeds.Binance.Wire;
using Feeds.Core.Market;
using Feeds.Tests.Actors;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Binance.Streams;

public sealed class StreamConnectionTests
{
    private readonly CollectingReceiver _receiver = new();

    [Fact]
    public async Task Frames_of_all_sizes_arrive_whole_and_in_order()
    {
        string[] frames = [.. new[] { 1, 100, 65_536, 65_537, 200_000, 1_000_000, 2 }.Select(
            (size, i) => $"{{\"e\":{i}" + new string(' ', size))];
        await using FakeExchange exchange = await FakeExchange.StartAsync(FakeStream.Serve(async stream =>
        {
            foreach (string frame in frames)
            {
                await stream.SendAsync(frame[..(frame.Length / 2)], endOfMessage: false);
                await stream.SendAsync(frame[(frame.Length / 2)..]);
            }

            await stream.AnswerAsync();
        }));
        await using StreamConnection connection = await Connect(exchange);
        using CancellationTokenSource stop = new();
        Task run = connection.RunAsync(_receiver, stop.Token);
        await Eventually.True(() => _receiver.Frames.Count == frames.Length, "all frames");
        Assert.Equal(frames, _receiver.Frames.Select(static frame => frame.Text));
        Assert.Equal((frames.Length, frames.Sum(static frame => frame.Length)), (connection.Frames, connection.Bytes));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Ends());
    }

    [Fact]
    public async Task Receive_time_is_of_the_clock_that_was_given()
    {
        ManualTimeProvider time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_123));
        await using FakeExchange exchange = await FakeExchange.StartAsync(FakeStream.Serve(async stream =>
        {
            await stream.SendAsync("{\"e\":1}");
            await stream.AnswerAsync();
        }));
        await using StreamConnection connection = await Connect(exchange, time: time);
        using CancellationTokenSource stop = new();
        Task run = connection.RunAsync(_receiver, stop.Token);
        await Eventually.True(() => !_receiver.Frames.IsEmpty, "a frame");
        Assert.Equal(
            (1_790_000_000_123, 1_790_000_000_123), (_receiver.Frames.First().ReceiveTime, connection.LastFrameTime));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Ends());
    }

    [Fact]
    public async Task Streams_are_asked_for_in_chunks_and_at_a_pace()
    {
        FakeStream? server = null;
        await using FakeExchange exchange = await FakeExchange.StartAsync(FakeStream.Serve(stream =>
        {
            server = stream;
            return stream.AnswerAsync();
        }));
        ManualTimeProvider time = new();
        await using StreamConnection connection = await Connect(
            exchange, StreamRoute.Market, new StreamConnectionOptions { NamesPerRequest = 3, RequestsPerSecond = 2 },
            time);
        using CancellationTokenSource stop = new();
        Task run = connection.RunAsync(_receiver, stop.Token);
        StreamName[] streams = [.. Enumerable.Range(0, 10).Select(
            i => StreamName.For(Symbol.Parse($"S{i}USDT"), StreamKind.Trades))];
        Task asking = connection.SubscribeAsync(streams, CancellationToken.None);
        await Eventually.True(() => server?.Requests.Count == 2 && time.PendingTimers > 1, "two requests");
        Assert.False(asking.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.99));
        Assert.Equal(2, server!.Requests.Count);
        time.Advance(TimeSpan.FromSeconds(0.1));
        await asking.Ends();
        Assert.Equal([3, 3, 3, 1], server.Requests.Select(static request => request.Names.Length));
        Assert.Equal(
            streams.Select(static stream => stream.Text), server.Requests.SelectMany(static request => request.Names));
        Assert.All(server.Requests, static request => Assert.Equal("SUBSCRIBE", request.Method));
        Assert.Equal(10, connection.Streams.Count);

        time.Advance(TimeSpan.FromSeconds(2));
        await connection.UnsubscribeAsync(streams[..2], CancellationToken.None).Ends();
        Assert.Equal("UNSUBSCRIBE", server.Requests.Last().Method);
        Assert.Equal(8, connection.Streams.Count);
        Assert.Empty(_receiver.Frames);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Ends());
    }

    [Fact]
    public async Task Name_in_another_script_goes_out_as_it_is()
    {
        byte[] received = [];
        await using FakeExchange exchange = await FakeExchange.StartAsync(FakeStream.Serve(async stream =>
        {
            byte[] buffer = new byte[1_000];
            ValueWebSocketReceiveResult result = await stream.Socket.ReceiveAsync(
                buffer.AsMemory(), CancellationToken.None);
            received = buffer[..result.Count];
            await stream.SendAsync("""{"result":null,"id":1}""");
            await stream.AnswerAsync();
        }));
        await using StreamConnection connection = await Connect(exchange, StreamRoute.Market);
        using CancellationTokenSource stop = new();
        Task run = connection.RunAsync(_receiver, stop.Token);
        await connection.SubscribeAsync(
            [StreamName.For(Symbol.Parse("币安人生USDT"), StreamKind.Mark)], CancellationToken.None).Ends();
        Assert.Contains("币安人生usdt@markPrice@1s", Encoding.UTF8.GetString(received), StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Ends());
    }

    [Fact]
    public async Task Stream_of_the_other_route_is_never_asked_for()
    {
        await using FakeExchange exchange = await FakeExchange.StartAsync(
            FakeStream.Serve(static stream => stream.AnswerAsync()));
        await using StreamConnection connection = await Connect(exchange);
        await Assert.ThrowsAsync<ArgumentException>(
            () => connection.SubscribeAsync([StreamName.AllLiquidations], CancellationToken.None));
        Assert.Empty(connection.Streams);
    }

    [Fact]
    public async Task Refused_request_says_why()
    {
        await using FakeExchange exchange = await FakeExchange.StartAsync(FakeStream.Serve(static stream =>
            stream.AnswerAsync(static id => $$"""{"error":{"code":4,"msg":"Too many requests"},"id":{{id}}}""")));
        await using StreamConnection connection = await Connect(exchange, StreamRoute.Market);
        using CancellationTokenSource stop = new();
        Task run = connection.RunAsync(_receiver, stop.Token);
        StreamRequestException refused = await Assert.ThrowsAsync<StreamRequestException>(
            () => connection.SubscribeAsync([StreamName.AllLiquidations], CancellationToken.None).Ends());
        Assert.Equal(4, refused.Code);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Ends());
    }

    [Fact]
    public async Task Request_without_an_answer_ends_in_time()
    {
        ManualTimeProvider time = new();
        await using FakeExchange exchange = await FakeExchange.StartAsync(
            FakeStream.Serve(static stream => stream.AnswerAsync(static _ => null)));
        await using StreamConnection connection = await Connect(exchange, StreamRoute.Market, time: time);
        using CancellationTokenSource stop = new();
        Task run = connection.RunAsync(_receiver, stop.Token);
        int timers = time.PendingTimers;
        Task asking = connection.SubscribeAsync([StreamName.AllLiquidations], CancellationToken.None);
        await Eventually.True(() => time.PendingTimers > timers, "the request waits");
        time.Advance(TimeSpan.FromSeconds(10.1));
        await Assert.ThrowsAsync<StreamRequestException>(() => asking.Ends());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Ends());
    }

    [Fact]
    public async Task Close_by_the_server_is_told_with_its_reason()
    {
        await using FakeExchange exchange = await FakeExchange.StartAsync(FakeStream.Serve(static stream =>
            stream.Socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, "24 hours", CancellationToken.None)));
        StreamException end = await Fails(exchange);
        Assert.Equal(StreamFailure.ClosedByServer, end.Failure);
        Assert.Contains("1008 24 hours", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_cut_by_the_server_is_a_network_failure()
    {
        await using FakeExchange exchange = await FakeExchange.StartAsync(FakeStream.Serve(async stream =>
        {
            await stream.SendAsync("{\"e\":1}");
            await Eventually.True(() => !_receiver.Frames.IsEmpty, "a frame");
            stream.Socket.Abort();
        }));
        Assert.Equal(StreamFailure.Network, (await Fails(exchange)).Failure);
    }

    [Fact]
    public async Task Frame_beyond_the_limit_ends_the_connection()
    {
        await using FakeExchange exchange = await FakeExchange.StartAsync(FakeStream.Serve(static async stream =>
        {
            try
            {
                for (int i = 0; i < 100; i++)
                {
                    await stream.SendAsync(new string('x', 65_536), endOfMessage: false);
                }
            }
            catch (Exception gone) when (gone is WebSocketException or IOException)
            {
                // The client left, as it should.
            }
        }));
        StreamException end = await Fails(exchange, new StreamConnectionOptions { MaxFrameBytes = 1_000_000 });
        Assert.Equal(StreamFailure.FrameTooLarge, end.Failure);
        Assert.Empty(_receiver.Frames);
    }

    [Fact]
    public async Task Message_that_does_not_end_is_given_up_in_time()
    {
        ManualTimeProvider time = new();
        TaskCompletionSource gone = new();
        await using FakeExchange exchange = await FakeExchange.StartAsync(FakeStream.Serve(async stream =>
        {
            await stream.SendAsync("{\"e\":1}");
            await stream.SendAsync("{\"e\":", endOfMessage: false);
            await gone.Task;
        }));
        await using StreamConnection connection = await Connect(exchange, time: time);
        Task run = connection.RunAsync(_receiver, CancellationToken.None);
        await Eventually.True(() => !_receiver.Frames.IsEmpty, "the whole frame");
        for (int i = 0; i < 60 && !run.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            await Task.Delay(5);
        }

        StreamException end = await Assert.ThrowsAsync<StreamException>(() => run.Ends());
        gone.SetResult();
        Assert.Equal(StreamFailure.TimedOut, end.Failure);
        Assert.Contains("not finished", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peer_that_answers_no_ping_is_given_up()
    {
        // The handshake by hand, and then silence, without closing: as a peer that lost its power.
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<TcpClient> accepted = AcceptAsync(listener);
        Uri address = new($"ws://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        StreamConnectionOptions options = new()
        {
            KeepAliveInterval = TimeSpan.FromMilliseconds(50),
            KeepAliveTimeout = TimeSpan.FromMilliseconds(200),
        };
        await using StreamConnection connection = await StreamConnection.ConnectAsync(
            StreamEndpoint.For(address, StreamRoute.Public), options, TimeProvider.System, CancellationToken.None);
        using TcpClient client = await accepted;
        StreamException end = await Assert.ThrowsAsync<StreamException>(
            () => connection.RunAsync(_receiver, CancellationToken.None).Ends());
        Assert.True(end.Failure == StreamFailure.TimedOut, end.ToString());
    }

    [Theory]
    [InlineData(403, StreamFailure.Blocked)]
    [InlineData(451, StreamFailure.Blocked)]
    [InlineData(418, StreamFailure.RateLimited)]
    [InlineData(429, StreamFailure.RateLimited)]
    [InlineData(503, StreamFailure.HandshakeRefused)]
    [InlineData(302, StreamFailure.HandshakeRefused)]
    public async Task Refused_handshake_says_why(int status, StreamFailure failure)
    {
        await using FakeExchange exchange = await FakeExchange.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "17";
            context.Response.Headers.Location = "http://127.0.0.1:1/elsewhere";
            return Task.CompletedTask;
        });
        StreamException refused = await Assert.ThrowsAsync<StreamException>(() => Connect(exchange));
        Assert.Equal((failure, status), (refused.Failure, refused.HttpStatus));
        Assert.Equal(failure == StreamFailure.Blocked ? null : TimeSpan.FromSeconds(17), refused.RetryAfter);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("soon")]
    public async Task Refused_handshake_that_tells_no_time_leaves_it_to_us(string told)
    {
        await using FakeExchange exchange = await FakeExchange.StartAsync(context =>
        {
            context.Response.StatusCode = 418;
            context.Response.Headers.RetryAfter = told;
            return Task.CompletedTask;
        });
        Assert.Null((await Assert.ThrowsAsync<StreamException>(() => Connect(exchange))).RetryAfter);
    }

    [Fact]
    public async Task Handshake_that_takes_too_long_is_given_up()
    {
        ManualTimeProvider time = new();
        TaskCompletionSource done = new();
        await using FakeExchange exchange = await FakeExchange.StartAsync(_ => done.Task);
        Task<StreamConnection> connecting = Connect(exchange, time: time);
        await Eventually.True(() => !exchange.Requests.IsEmpty, "the handshake");
        time.Advance(TimeSpan.FromSeconds(10.1));
        StreamException failed = await Assert.ThrowsAsync<StreamException>(() => connecting.Ends());
        done.SetResult();
        Assert.Equal(StreamFailure.TimedOut, failed.Failure);
    }

    [Fact]
    public async Task Host_that_does_not_listen_is_a_network_failure()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        StreamException failed = await Assert.ThrowsAsync<StreamException>(() => StreamConnection.ConnectAsync(
            StreamEndpoint.For(new Uri($"ws://127.0.0.1:{port}"), StreamRoute.Public), new(), TimeProvider.System,
            CancellationToken.None));
        Assert.Equal((StreamFailure.Network, 0), (failed.Failure, failed.HttpStatus));
    }

    [Fact]
    public async Task Cancel_closes_cleanly()
    {
        WebSocketCloseStatus? seen = null;
        await using FakeExchange exchange = await FakeExchange.StartAsync(FakeStream.Serve(async stream =>
        {
            await stream.AnswerAsync();
            seen = stream.Socket.CloseStatus;
        }));
        await using StreamConnection connection = await Connect(exchange);
        using CancellationTokenSource stop = new();
        Task run = connection.RunAsync(_receiver, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Ends());
        await Eventually.True(() => seen == WebSocketCloseStatus.NormalClosure, "a normal close");
    }

    [Fact]
    public async Task Failure_of_the_receiver_ends_the_connection_with_it()
    {
        await using FakeExchange exchange = await FakeExchange.StartAsync(FakeStream.Serve(static async stream =>
        {
            await stream.SendAsync("{\"e\":1}");
            await stream.AnswerAsync();
        }));
        await using StreamConnection connection = await Connect(exchange);
        await Assert.ThrowsAsync<ArithmeticException>(
            () => connection.RunAsync(new FailingReceiver(), CancellationToken.None).Ends());
    }

    private static Task<StreamConnection> Connect(
        FakeExchange exchange, StreamRoute route = StreamRoute.Public, StreamConnectionOptions? options = null,
        TimeProvider? time = null) =>
        StreamConnection.ConnectAsync(
            StreamEndpoint.For(exchange.Stream, route), options ?? new(), time
                ?? TimeProvider.System, CancellationToken.None);

    private static async Task<TcpClient> AcceptAsync(TcpListener listener)
    {
        TcpClient client = await listener.AcceptTcpClientAsync();
        StreamReader reader = new(client.GetStream());
        string key = string.Empty;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            key = line.StartsWith("Sec-WebSocket-Key: ", StringComparison.OrdinalIgnoreCase) ? line[19..] : key;
        }

#pragma warning disable CA5350 // The protocol of WebSockets asks for this very hash.
        byte[] accept = System.Security.Cryptography.SHA1.HashData(
            Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
#pragma warning restore CA5350
        string answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Accept: {Convert.ToBase64String(accept)}\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
        return client;
    }

    private async Task<StreamException> Fails(FakeExchange exchange, StreamConnectionOptions? options = null)
    {
        await using StreamConnection connection = await Connect(exchange, options: options);
        return await Assert.ThrowsAsync<StreamException>(
            () => connection.RunAsync(_receiver, CancellationToken.None).Ends());
    }

    private sealed class FailingReceiver : IFrameReceiver
    {
        public ValueTask ReceiveAsync(
            ReadOnlyMemory<byte> frame, long receiveTime, CancellationToken cancellationToken) =>
            throw new ArithmeticException();
    }
}
