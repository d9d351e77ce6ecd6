using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Feeds.Simulator;

namespace Feeds.Tests.Simulator;

/// <summary>A plain WebSocket client of the framework, which shares no code with the venue.</summary>
internal sealed class StreamClient : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket = new();
    private byte[] _buffer = new byte[1 << 20];

    public ClientWebSocket Socket => _socket;

    public static async Task<StreamClient> OpenAsync(VenueTwin venue, string path)
    {
        StreamClient client = new();
        client._socket.Options.KeepAliveInterval = TimeSpan.Zero;
        using CancellationTokenSource timeout = new(Deadline);
        await client._socket.ConnectAsync(new Uri(venue.StreamUrl + path), timeout.Token);
        return client;
    }

    public async Task SendAsync(string message)
    {
        using CancellationTokenSource timeout = new(Deadline);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, timeout.Token);
    }

    /// <summary>The next message as text; null once the venue closed.</summary>
    public async Task<string?> NextTextAsync()
    {
        using CancellationTokenSource timeout = new(Deadline);
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult result = await _socket.ReceiveAsync(_buffer.AsMemory(length), timeout.Token);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            length += result.Count;
            if (result.EndOfMessage)
            {
                return Encoding.UTF8.GetString(_buffer, 0, length);
            }

            if (length == _buffer.Length)
            {
                Array.Resize(ref _buffer, length * 2);
            }
        }
    }

    public async Task<JsonElement> NextAsync() =>
        JsonDocument.Parse(await NextTextAsync() ?? throw new InvalidOperationException("closed")).RootElement;

    /// <summary>
    /// All messages that the venue has published to this client so far, found by asking something and reading up to the
    /// answer.
    /// </summary>
    public async Task<List<JsonElement>> AllAsync()
    {
        // What was published is queued already, so the answer comes behind it.
        await SendAsync("""{"method":"LIST_SUBSCRIPTIONS","id":987654}""");
        List<JsonElement> messages = [];
        while (true)
        {
            JsonElement message = await NextAsync();
            if (message.ValueKind == JsonValueKind.Object && message.TryGetProperty("id", out JsonElement id)
                && id.GetInt32() == 987654)
            {
                return messages;
            }

            messages.Add(message);
        }
    }

    public void Dispose() => _socket.Dispose();
}
