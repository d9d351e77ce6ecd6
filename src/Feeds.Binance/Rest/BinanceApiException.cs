namespace Feeds.Binance.Rest;

/// <summary>The exchange answered with an error.</summary>
public sealed class BinanceApiException : BinanceException
{
    /// <summary>The code for a symbol that does not exist.</summary>
    public const int InvalidSymbol = -1121;

    /// <summary>The code for trades that are older than the exchange serves (48 h).</summary>
    public const int TradesTooOld = -4166;

    /// <summary>The code for too many requests, and for a ban.</summary>
    public const int TooManyRequests = -1003;

    /// <summary>Makes the failure.</summary>
    public BinanceApiException(int code, int httpStatus, string message, string endpoint)
        : base(endpoint, $"http_{httpStatus}", code == 0
            ? $"status {httpStatus}" : $"status {httpStatus}, code {code}: {message}")
    {
        Code = code;
        HttpStatus = httpStatus;
        Text = message;
    }

    /// <summary>The exchange's code; 0 when the answer had none.</summary>
    public int Code { get; }

    /// <summary>The HTTP status.</summary>
    public int HttpStatus { get; }

    /// <summary>The exchange's text; empty when the answer had none.</summary>
    public string Text { get; }
}
