using System.Globalization;
using System.Net.WebSockets;
using Feeds.Simulator;

namespace Feeds.Benchmarks.Storage;

/// <summary>
/// Writes what the venue twin sends to a file of frames: of recordings, when files are given, else of a made-up market.
/// So that bytes are measured on books and trades as markets have them.
/// </summary>
internal static class FrameCapture
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string path, string[] recordings)
    {
        VenueTwinOptions options = new() { Replay = recordings, UnknownFieldEvery = 0, Speed = 10 };
        await using VenueTwin venue = await VenueTwin.StartAsync(options, TimeProvider.System);
        await using FileStream file = File.Create(path);
        string[] symbols = [.. venue.Symbols.Select(static symbol => symbol.ToLowerInvariant())];
        using SemaphoreSlim gate = new(1);
        using CancellationTokenSource over = new(Length);
        long frames = 0;
        await Task.WhenAll(
            CaptureAsync("public", symbols.Select(static symbol => symbol + "@depth20@100ms")),
            CaptureAsync(
                "market",
                symbols.SelectMany(
                    static symbol => new[] { "@aggTrade", "@markPrice@1s", "@kline_1m" }.Select(kind => symbol + kind))
                .Append("!forceOrder@arr")));
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{frames} frames of {symbols.Length} symbols in {path}"));
        return 0;

        async Task CaptureAsync(string route, IEnumerable<string> streams)
        {
            using ClientWebSocket socket = new();
            await socket.ConnectAsync(
                new Uri($"{venue.StreamUrl}/{route}/stream?streams={string.Join('/', streams)}"),
                CancellationToken.None);
            byte[] buffer = new byte[1 << 16];
            int filled = 0;
            try
            {
                while (true)
                {
                    ValueWebSocketReceiveResult result = await socket.ReceiveAsync(buffer.AsMemory(filled), over.Token);
                    filled += result.Count;
                    if (!result.EndOfMessage)
                    {
                        continue;
                    }

                    buffer[filled++] = (byte)'\n';
                    await gate.WaitAsync();
                    await file.WriteAsync(buffer.AsMemory(0, filled));
                    gate.Release();
                    frames++;
                    filled = 0;
                }
            }
            catch (OperationCanceledException)
            {
                // The time is over.
            }
        }
    }
}
