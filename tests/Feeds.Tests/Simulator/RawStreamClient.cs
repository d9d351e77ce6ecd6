using System.Net.Sockets;
using System.Text;
using Feeds.Simulator;

namespace Feeds.Tests.Simulator;

/// <summary>A stream client on a bare socket, for what the framework's client hides: pings, pongs, silence.</summary>
internal sealed class RawStreamClient : IDisposable
{
    private readonly TcpClient _tcp = new();

    public static async Task<RawStreamClient> OpenAsync(VenueTwin venue, string path)
    {
        RawStreamClient client = new();
        Uri address = new(venue.StreamUrl);
        await client._tcp.ConnectAsync(address.Host, address.Port);
        string request =
            $"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        await client._tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        StringBuilder head = new();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append((char)(await client.ReadAsync(1))[0]);
        }

        // The key and its answer are the example of RFC 6455.
        Assert(head.ToString().Contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", StringComparison.Ordinal), head.ToString());
        return client;
    }

    public async Task<(byte Opcode, byte[] Payload)> ReadFrameAsync()
    {
        byte[] head = await ReadAsync(2);
        int length = head[1] & 0x7F;
        if (length == 126)
        {
            byte[] more = await ReadAsync(2);
            length = (more[0] << 8) | more[1];
        }

        return ((byte)(head[0] & 0x0F), await ReadAsync(length));
    }

    public async Task SendAsync(byte opcode, byte[] payload)
    {
        byte[] frame = [(byte)(0x80 | opcode), (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload];
        await _tcp.GetStream().WriteAsync(frame);
    }

    public void Dispose() => _tcp.Dispose();

    private static void Assert(bool isTrue, string what)
    {
        if (!isTrue)
        {
            throw new InvalidOperationException(what);
        }
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        byte[] bytes = new byte[count];
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(30));
        await _tcp.GetStream().ReadExactlyAsync(bytes, timeout.Token);
        return bytes;
    }
}
