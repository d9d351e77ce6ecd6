using System.Net;
using System.Net.Sockets;

namespace Feeds.System.Tests.Cluster;

/// <summary>
/// The way from a node to a server, which can be cut as a cable is: nothing is refused, nothing comes through, and what
/// was under way arrives when it is whole again. It can also hold back what a node writes in the middle of its
/// transaction.
/// </summary>
internal sealed class TestLine : IAsyncDisposable
{
    private static readonly byte[] Commit = "COMMIT\0"u8.ToArray();
    private static readonly byte[] Copy = "FROM STDIN"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _serverPort;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _whole = Completed();
    private Hold? _hold;
    private TaskCompletionSource? _release;

    public TestLine(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>The node's end.</summary>
    public int Port { get; }

    public void Cut() => _whole = New();

    public void Heal() => _whole.TrySetResult();

    /// <summary>
    /// Holds the next COMMIT back until <see cref="LetGo"/>: the session is idle in its transaction. Ends when there is
    /// one.
    /// </summary>
    public Task HoldCommitAsync() => HoldAsync(Commit, isAfter: false);

    /// <summary>
    /// Holds the content of the next COPY back until <see cref="LetGo"/>: the session is busy, and no time limit for
    /// idle ones ends it. Ends when there is one.
    /// </summary>
    public Task HoldCopyAsync() => HoldAsync(Copy, isAfter: true);

    public void LetGo()
    {
        Volatile.Write(ref _hold, null);
        _release?.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private Task HoldAsync(byte[] text, bool isAfter)
    {
        _release = New();
        Hold hold = new(text, isAfter, New());
        Volatile.Write(ref _hold, hold);
        return hold.Held.Task;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Completed()
    {
        TaskCompletionSource done = New();
        done.SetResult();
        return done;
    }

    private async Task AcceptAsync()
    {
        List<Task> lines = [];
        try
        {
            while (true)
            {
                lines.Add(RunAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task RunAsync(Socket node)
    {
        using (node)
        using (Socket server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
        using (CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token))
        {
            node.NoDelay = true;
            try
            {
                await _whole.Task.WaitAsync(ended.Token);
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, ended.Token);
                Task up = PumpAsync(node, server, isUp: true, ended.Token);
                Task down = PumpAsync(server, node, isUp: false, ended.Token);
                await Task.WhenAny(up, down);
                await ended.CancelAsync();
                await Task.WhenAll(up, down);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // One end has gone; so goes the line.
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isUp, CancellationToken ended)
    {
        byte[] buffer = new byte[1 << 16];
        Hold? next = null;
        for (int read; (read = await from.ReceiveAsync(buffer, ended)) > 0;)
        {
            await _whole.Task.WaitAsync(ended);
            if (next is null && isUp && Volatile.Read(ref _hold) is { } hold
                && buffer.AsSpan(0, read).IndexOf(hold.Text) >= 0
                && Interlocked.CompareExchange(ref _hold, null, hold) == hold)
            {
                next = hold;
            }
            else if (next is not null)
            {
                await HeldBackAsync(next, ended);
                next = null;
            }

            if (next is { IsAfter: false })
            {
                await HeldBackAsync(next, ended);
                next = null;
            }

            for (Memory<byte> left = buffer.AsMemory(
                0, read); left.Length > 0; left = left[await to.SendAsync(left, ended)..])
            {
            }
        }
    }

    private async Task HeldBackAsync(Hold hold, CancellationToken ended)
    {
        hold.Held.TrySetResult();
        await _release!.Task.WaitAsync(ended);
    }

    private sealed record Hold(byte[] Text, bool IsAfter, TaskCompletionSource Held);
}
