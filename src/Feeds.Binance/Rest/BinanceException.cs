using Feeds.Core;

namespace Feeds.Binance.Rest;

/// <summary>A REST request that brought nothing.</summary>
public abstract class BinanceException : FeedsException
{
    /// <summary>Makes the failure of a request to an endpoint.</summary>
    protected BinanceException(string endpoint, string reason, string message, Exception? inner = null)
        : base($"{endpoint}: {message}", inner!)
    {
        Endpoint = endpoint;
        Reason = reason;
    }

    /// <summary>The path of the request, such as <c>/fapi/v1/openInterest</c>.</summary>
    public string Endpoint { get; }

    /// <summary>
    /// Why in one word, as rows and metrics name it: <c>http_429</c>, <c>timeout</c>, <c>network</c>,
    /// <c>bad_answer</c>.
    /// </summary>
    public string Reason { get; }
}
