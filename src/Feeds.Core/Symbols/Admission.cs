namespace Feeds.Core.Symbols;

/// <summary>What a symbol's state says of an event before it is given a sequence.</summary>
public enum Admission : byte
{
    /// <summary>It gets the next sequence, is journaled and applied.</summary>
    Accepted = 0,

    /// <summary>It is known by its natural id; dropped and counted.</summary>
    Duplicate = 1,

    /// <summary>A newer book, quote or mark was applied already; dropped and counted.</summary>
    OutOfOrder = 2,

    /// <summary>A price is not above 0, not finite, or of an absurd scale.</summary>
    InvalidPrice = 3,

    /// <summary>A quantity is negative, not finite, or of an absurd scale.</summary>
    InvalidQuantity = 4,

    /// <summary>A time is not after 1970, or lies more than a day ahead of its receive time.</summary>
    InvalidTime = 5,

    /// <summary>The best bid is above the best ask.</summary>
    CrossedBook = 6,

    /// <summary>The book has no level on either side.</summary>
    EmptyBook = 7,

    /// <summary>The values of a record contradict one another, such as a high below the low.</summary>
    InvalidRecord = 8,

    /// <summary>The kind is not one that a state knows.</summary>
    UnknownKind = 9,
}
