using System.Collections.Concurrent;
using System.Text;
using Feeds.Binance.Streams;

namespace Feeds.Tests.Binance.Streams;

/// <summary>Keeps the texts of all frames.</summary>
internal sealed class CollectingReceiver : IFrameReceiver
{
    public ConcurrentQueue<(string Text, long ReceiveTime)> Frames { get; } = new();

    public ValueTask ReceiveAsync(ReadOnlyMemory<byte> frame, long receiveTime, CancellationToken cancellationToken)
    {
        Frames.Enqueue((Encoding.UTF8.GetString(frame.Span), receiveTime));
        return ValueTask.CompletedTask;
    }
}
