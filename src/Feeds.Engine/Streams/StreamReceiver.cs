using Feeds.Binance.Streams;

namespace Feeds.Engine.Streams;

/// <summary>Takes the frames of one connection: counts them and routes them.</summary>
internal sealed class StreamReceiver(StreamGroup group, StreamRouter router) : IFrameReceiver
{
    public ValueTask ReceiveAsync(ReadOnlyMemory<byte> frame, long receiveTime, CancellationToken cancellationToken)
    {
        group.Received(receiveTime);
        return router.RouteAsync(frame.Span, receiveTime, cancellationToken);
    }
}
