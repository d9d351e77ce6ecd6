namespace Feeds.Core.Books;

/// <summary>What is read off a book snapshot. Every measure is NaN where a side it needs is empty.</summary>
public static class BookMeasures
{
    /// <summary>True when the best bid is above the best ask: no such market exists, so the book is broken.</summary>
    public static bool IsCrossed(BookLevels book) =>
        book.BidCount > 0 && book.AskCount > 0 && book.Bids[0].Price > book.Asks[0].Price;

    /// <summary>Bid quantity / (bid + ask quantity) over the best <paramref name="depth"/> levels, 0…1.</summary>
    public static double Imbalance(BookLevels book, int depth)
    {
        double bids = Quantity(book.Bids, depth);
        double asks = Quantity(book.Asks, depth);
        return bids + asks > 0 ? bids / (bids + asks) : double.NaN;
    }

    /// <summary>
    /// (bid − ask quantity) / (bid + ask quantity) over the best <paramref name="depth"/> levels, −1…1.
    /// </summary>
    public static double DepthRatio(BookLevels book, int depth)
    {
        double bids = Quantity(book.Bids, depth);
        double asks = Quantity(book.Asks, depth);
        return bids + asks > 0 ? (bids - asks) / (bids + asks) : double.NaN;
    }

    /// <summary>(best bid + best ask) / 2, quote currency.</summary>
    public static double Mid(BookLevels book) =>
        book.BidCount > 0 && book.AskCount > 0 ? (book.Bids[0].Price + book.Asks[0].Price) / 2 : double.NaN;

    /// <summary>10 000 · (best ask − best bid) / mid.</summary>
    public static double SpreadBps(BookLevels book) =>
        book.BidCount > 0 && book.AskCount > 0
            ? 10_000 * (book.Asks[0].Price - book.Bids[0].Price) / Mid(book)
            : double.NaN;

    /// <summary>
    /// (bid·ask quantity + ask·bid quantity) / (bid + ask quantity) at the best level, quote currency.
    /// </summary>
    public static double Microprice(BookLevels book)
    {
        if (book.BidCount == 0 || book.AskCount == 0)
        {
            return double.NaN;
        }

        PriceLevel bid = book.Bids[0];
        PriceLevel ask = book.Asks[0];
        double quantity = bid.Quantity + ask.Quantity;
        return quantity > 0 ? ((bid.Price * ask.Quantity) + (ask.Price * bid.Quantity)) / quantity : double.NaN;
    }

    private static double Quantity(ReadOnlySpan<PriceLevel> side, int depth)
    {
        double sum = 0;
        foreach (PriceLevel level in side[..Math.Min(depth, side.Length)])
        {
            sum += level.Quantity;
        }

        return sum;
    }
}
