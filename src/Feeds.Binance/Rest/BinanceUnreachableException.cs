namespace Feeds.Binance.Rest;

/// <summary>The exchange did not answer: the network failed, or it took too long.</summary>
public sealed class BinanceUnreachableException : BinanceException
{
    /// <summary>Makes the failure.</summary>
    public BinanceUnreachableException(string endpoint, bool timedOut, string message, Exception? inner = null)
        : base(endpoint, timedOut ? "timeout" : "network", message, inner) => TimedOut = timedOut;

    /// <summary>True when it took too long, false when the network failed.</summary>
    public bool TimedOut { get; }
}
