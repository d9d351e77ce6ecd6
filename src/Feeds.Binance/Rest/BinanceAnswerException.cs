namespace Feeds.Binance.Rest;

/// <summary>The exchange answered with something that is not an answer: HTML, half a JSON, nothing, too much.</summary>
public sealed class BinanceAnswerException : BinanceException
{
    /// <summary>Makes the failure; the message says what was wrong with the answer.</summary>
    public BinanceAnswerException(string endpoint, string message, Exception? inner = null)
        : base(endpoint, "bad_answer", message, inner)
    {
    }
}
