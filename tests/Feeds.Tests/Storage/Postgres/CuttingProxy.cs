using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Feeds.Tests.Storage.Postgres;

/// <summary>
/// Stands between a client and a server, and cuts the line once at the worst moment: around a COMMIT.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private static readonly byte[] Commit = "COMMIT\0"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _serverPort;
    private readonly Task _accepting;
    private volatile Cut _armed;
    private volatile bool _refusing;

    public CuttingProxy(string connectionString)
    {
        NpgsqlConnectionStringBuilder settings = new(connectionString);
        _serverPort = settings.Port;
        _listener.Start();
        settings.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        ConnectionString = settings.ConnectionString;
        _accepting = AcceptAsync();
    }

    public enum Cut
    {
        None,

        /// <summary>The server never sees the COMMIT.</summary>
        BeforeCommit,

        /// <summary>The server commits, and its answer is lost.</summary>
        AfterCommit,
    }

    /// <summary>The way through the proxy.</summary>
    public string ConnectionString { get; }

    /// <summary>How many lines were cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>
    /// Cuts the line that says COMMIT next; with <paramref name="staysDown"/> new lines are refused until
    /// <see cref="Heal"/>.
    /// </summary>
    public void Arm(Cut cut, bool staysDown = false)
    {
        StaysDown = staysDown;
        _armed = cut;
    }

    public void Heal() => _refusing = false;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private bool StaysDown { get; set; }

    private async Task AcceptAsync()
    {
        List<Task> lines = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stopping.Token);
                lines.Add(RunAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task RunAsync(Socket client)
    {
        using (client)
        using (Socket server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
        {
            if (_refusing) return;
            client.NoDelay = true;
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, _stopping.Token);
                await Task.WhenAny(UpAsync(client, server), DownAsync(server, client));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // One end has gone; so goes the line.
            }
        }
    }

    private async Task UpAsync(Socket client, Socket server)
    {
        var buffer = new byte[1 << 16];
        for (int read; (read = await client.ReceiveAsync(buffer, _stopping.Token)) > 0;)
        {
            if (_armed != Cut.None && buffer.AsSpan(0, read).IndexOf(Commit) >= 0)
            {
                var cut = _armed;
                _armed = Cut.None;
                _refusing = StaysDown;
                Cuts++;
                if (cut == Cut.BeforeCommit) return;
                _swallowing = true;
                await server.SendAsync(buffer.AsMemory(0, read), _stopping.Token);
                await _swallowed.Task;
                return;
            }

            await SendAllAsync(server, buffer.AsMemory(0, read));
        }
    }

    private volatile bool _swallowing;
    private readonly TaskCompletionSource _swallowed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task DownAsync(Socket server, Socket client)
    {
        var buffer = new byte[1 << 16];
        for (int read; (read = await server.ReceiveAsync(buffer, _stopping.Token)) > 0;)
        {
            if (_swallowing)
            {
                _swallowing = false;
                _swallowed.TrySetResult();
                return;
            }

            await SendAllAsync(client, buffer.AsMemory(0, read));
        }
    }

    private async Task SendAllAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await to.SendAsync(bytes, _stopping.Token)..];
    }
}
