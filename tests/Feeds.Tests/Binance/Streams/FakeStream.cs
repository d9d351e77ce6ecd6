using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Feeds.Tests.Binance.Streams;

/// <summary>
/// The server's end of one WebSocket connection: acknowledges all it is asked, and does what the test says.
/// </summary>
internal sealed class FakeStream(WebSocket socket)
{
    public WebSocket Socket { get; } = socket;

    public ConcurrentQueue<(string Method, string[] Names)> Requests { get; } = new();

    /// <summary>Returns an answer for the server that runs a script on each connection.</summary>
    public static Func<HttpContext, Task> Serve(Func<FakeStream, Task> script) => async context =>
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        await script(new FakeStream(socket));
    };

    public Task SendAsync(string text, bool endOfMessage = true) =>
        Socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage, CancellationToken.None);

    /// <summary>
    /// Answers requests until the client closes or is gone; <paramref name="answer"/> makes the text for an id.
    /// </summary>
    public async Task AnswerAsync(Func<long, string?>? answer = null)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                int length = 0;
                ValueWebSocketReceiveResult result;
                do
                {
                    result = await Socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += result.Count;
                }
                while (!result.EndOfMessage);

                if (result.MessageType == WebSocketMessageType.Close)
                {
                    await Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    return;
                }

                using JsonDocument request = JsonDocument.Parse(buffer.AsMemory(0, length));
                string[] names = [.. request.RootElement.GetProperty("params").EnumerateArray().Select(
                    static name => name.GetString()!)];
                Requests.Enqueue((request.RootElement.GetProperty("method").GetString()!, names));
                long id = request.RootElement.GetProperty("id").GetInt64();
                string? text = answer is null ? $$"""{"result":null,"id":{{id}}}""" : answer(id);
                if (text is not null)
                {
                    await SendAsync(text);
                }
            }
        }
        catch (WebSocketException)
        {
            // The client is gone, as some tests want it.
        }
    }
}
