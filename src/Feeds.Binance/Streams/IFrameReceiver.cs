namespace Feeds.Binance.Streams;

/// <summary>Takes the frames of a connection, in order, on the connection's own loop.</summary>
public interface IFrameReceiver
{
    /// <summary>
    /// Takes one whole frame. The bytes are valid until the task is done; while it is not, nothing more is read, and so
    /// the exchange is made to wait. An exception ends the connection.
    /// </summary>
    /// <param name="frame">The frame's UTF-8 text.</param>
    /// <param name="receiveTime">When its last byte was read, epoch ms.</param>
    /// <param name="cancellationToken">Cancelled when the connection is to end.</param>
    ValueTask ReceiveAsync(ReadOnlyMemory<byte> frame, long receiveTime, CancellationToken cancellationToken);
}
