namespace Feeds.Binance.Wire;

/// <summary>How the exchange's messages differ from what this program was written for.</summary>
public enum DriftKind : byte
{
    /// <summary>A field that is not known.</summary>
    UnknownField = 0,

    /// <summary>An event type that is not known.</summary>
    UnknownEvent = 1,

    /// <summary>A field that used to be there and is not.</summary>
    VanishedField = 2,
}
