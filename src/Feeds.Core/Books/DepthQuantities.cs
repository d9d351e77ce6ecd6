namespace Feeds.Core.Books;

/// <summary>
/// Quantities of the best levels of a book at several depths, each side added up once, best level first. What is read
/// off them is NaN where a side has fewer levels. Memory: three numbers a depth.
/// </summary>
public sealed class DepthQuantities
{
    private readonly int[] _depths;
    private readonly double[] _bids;
    private readonly double[] _asks;

    /// <summary>Makes the quantities at some depths, rising, each at least 1.</summary>
    public DepthQuantities(params ReadOnlySpan<int> depths)
    {
        _depths = depths.ToArray();
        _bids = new double[depths.Length];
        _asks = new double[depths.Length];
    }

    /// <summary>Takes a book, whose levels are sorted.</summary>
    public void Read(BookLevels book)
    {
        AddUp(book.Bids, _bids);
        AddUp(book.Asks, _asks);
    }

    /// <summary>(bid − ask quantity) / (bid + ask quantity) at the depth with this index, −1…1.</summary>
    public double Ratio(int index)
    {
        double bids = _bids[index];
        double asks = _asks[index];
        return bids + asks > 0 ? (bids - asks) / (bids + asks) : double.NaN;
    }

    /// <summary>
    /// (bid − ask) / (bid + ask) of the sides' slopes at the depth with this index, −1…1; a slope is the quantity / the
    /// distance of the last level from mid in bps. <paramref name="book"/> is the one that was read.
    /// </summary>
    public double SlopeImbalance(int index, BookLevels book)
    {
        int depth = _depths[index];
        if (book.BidCount < depth || book.AskCount < depth)
        {
            return double.NaN;
        }

        double mid = BookMeasures.Mid(book);
        double bids = _bids[index] / (10_000 * (mid - book.Bids[depth - 1].Price) / mid);
        double asks = _asks[index] / (10_000 * (book.Asks[depth - 1].Price - mid) / mid);
        return (bids - asks) / (bids + asks);
    }

    private void AddUp(ReadOnlySpan<PriceLevel> side, double[] quantities)
    {
        double sum = 0;
        int level = 0;
        for (int i = 0; i < quantities.Length; i++)
        {
            int depth = _depths[i];
            for (; level < depth && level < side.Length; level++)
            {
                sum += side[level].Quantity;
            }

            quantities[i] = level == depth ? sum : double.NaN;
        }
    }
}
