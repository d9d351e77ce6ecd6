using Feeds.Core;

namespace Feeds.Binance.Streams;

/// <summary>The exchange refused a SUBSCRIBE or UNSUBSCRIBE, or did not answer it in time.</summary>
public sealed class StreamRequestException : FeedsException
{
    /// <summary>Makes the failure of a request; the code is 0 when there was no answer.</summary>
    public StreamRequestException(int code, string message)
        : base(message) => Code = code;

    /// <summary>The exchange's code; 0 when there was no answer.</summary>
    public int Code { get; }
}
