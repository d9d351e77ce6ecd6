namespace Feeds.Binance.Rest;

/// <summary>Which price a bar is made of.</summary>
public enum BarSource : byte
{
    /// <summary>Trades.</summary>
    Trades = 0,

    /// <summary>The mark price; volumes are 0.</summary>
    Mark = 1,

    /// <summary>The index price; volumes are 0.</summary>
    Index = 2,

    /// <summary>The premium index, a fraction that may be negative; volumes are 0.</summary>
    Premium = 3,
}
