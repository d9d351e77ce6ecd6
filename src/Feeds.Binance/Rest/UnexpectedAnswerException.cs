using Feeds.Core;

namespace Feeds.Binance.Rest;

/// <summary>
/// JSON of another shape than the endpoint's; the transport turns it into a failure that names the endpoint.
/// </summary>
internal sealed class UnexpectedAnswerException : FeedsException
{
    public UnexpectedAnswerException(string message)
        : base(message)
    {
    }
}
