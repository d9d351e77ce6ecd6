using Feeds.Core;

namespace Feeds.Binance.Streams;

/// <summary>The end of a connection, or that there was none.</summary>
public sealed class StreamException : FeedsException
{
    /// <summary>Makes the failure.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="message">One sentence with address and limit.</param>
    /// <param name="httpStatus">The status of a refused handshake; 0 for all others.</param>
    /// <param name="retryAfter">How long the server asks us to stay away; null when it did not.</param>
    /// <param name="inner">What caused it; null when nothing did.</param>
    public StreamException(
        StreamFailure failure, string message, int httpStatus = 0, TimeSpan? retryAfter = null, Exception? inner = null)
        : base(message, inner!)
    {
        Failure = failure;
        HttpStatus = httpStatus;
        RetryAfter = retryAfter;
    }

    /// <summary>Why.</summary>
    public StreamFailure Failure { get; }

    /// <summary>The status of a refused handshake; 0 for all others.</summary>
    public int HttpStatus { get; }

    /// <summary>How long the server asks us to stay away; null when it did not.</summary>
    public TimeSpan? RetryAfter { get; }
}
