namespace Feeds.Binance.Wire;

/// <summary>How a message is broken.</summary>
public enum MalformedReason : byte
{
    /// <summary>It is not.</summary>
    None = 0,

    /// <summary>The bytes are not UTF-8.</summary>
    InvalidUtf8 = 1,

    /// <summary>It is not one JSON value, or nested too deeply.</summary>
    InvalidJson = 2,

    /// <summary>It is JSON, but neither an event, an envelope nor an answer.</summary>
    UnexpectedShape = 3,

    /// <summary>A field that matters is there twice.</summary>
    DuplicateField = 4,

    /// <summary>A field that is needed is not there.</summary>
    MissingField = 5,

    /// <summary>A field has another type, such as an object for a number.</summary>
    WrongType = 6,

    /// <summary>A number is not written as exchanges write them, or out of range.</summary>
    InvalidNumber = 7,

    /// <summary>A field's value cannot be, such as a side that is neither BUY nor SELL.</summary>
    InvalidValue = 8,

    /// <summary>A level of the book is not a pair of price and quantity.</summary>
    InvalidLevel = 9,

    /// <summary>A side of the book has more levels than the buffers hold.</summary>
    TooManyLevels = 10,

    /// <summary>The event is not one that its stream carries.</summary>
    StreamMismatch = 11,

    /// <summary>The text of a symbol cannot be one.</summary>
    InvalidSymbol = 12,
}
