using Feeds.Core;

namespace Feeds.Binance.Limits;

/// <summary>An address that must not be talked to.</summary>
public sealed class ExchangeAddressException : FeedsException
{
    /// <summary>Makes the failure; the message names the address and what is allowed.</summary>
    public ExchangeAddressException(string message)
        : base(message)
    {
    }
}
