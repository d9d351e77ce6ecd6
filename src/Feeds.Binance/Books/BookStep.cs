namespace Feeds.Binance.Books;

/// <summary>What a delta did to a certified book.</summary>
public enum BookStep
{
    /// <summary>The book is not valid yet; the delta waits for a snapshot.</summary>
    Waiting,

    /// <summary>The delta was known already.</summary>
    Known,

    /// <summary>It continued the book.</summary>
    Applied,

    /// <summary>
    /// It does not continue the book, or left it crossed or with too little known: the book is not valid from here on.
    /// </summary>
    Broken,

    /// <summary>With it and a snapshot the book is valid, for the first time or again.</summary>
    Restored,

    /// <summary>
    /// It continued the book, but a snapshot says that the book was wrong; it is as the snapshot says now.
    /// </summary>
    Corrected,
}
