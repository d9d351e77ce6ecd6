namespace Feeds.Core.Books;

/// <summary>
/// The levels of one book snapshot, best first, in a buffer that is used again: whoever takes one from a
/// <see cref="BookLevelsPool"/> hands it on or returns it, and the last in the line returns it after encode and apply.
/// </summary>
public sealed class BookLevels
{
    private readonly PriceLevel[] _bids;
    private readonly PriceLevel[] _asks;

    /// <summary>Makes an empty buffer for up to <paramref name="capacity"/> levels a side.</summary>
    public BookLevels(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _bids = new PriceLevel[capacity];
        _asks = new PriceLevel[capacity];
    }

    /// <summary>The most levels a side.</summary>
    public int Capacity => _bids.Length;

    /// <summary>How many bids there are.</summary>
    public int BidCount { get; private set; }

    /// <summary>How many asks there are.</summary>
    public int AskCount { get; private set; }

    /// <summary>The bids, best (highest price) first.</summary>
    public ReadOnlySpan<PriceLevel> Bids => _bids.AsSpan(0, BidCount);

    /// <summary>The asks, best (lowest price) first.</summary>
    public ReadOnlySpan<PriceLevel> Asks => _asks.AsSpan(0, AskCount);

    /// <summary>
    /// The whole bid buffer for a decoder to write into; then say how many with <see cref="SetCounts"/>.
    /// </summary>
    public Span<PriceLevel> BidBuffer => _bids;

    /// <summary>
    /// The whole ask buffer for a decoder to write into; then say how many with <see cref="SetCounts"/>.
    /// </summary>
    public Span<PriceLevel> AskBuffer => _asks;

    /// <summary>States how many levels of each buffer count.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative or above <see cref="Capacity"/>.</exception>
    public void SetCounts(int bids, int asks)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bids, (uint)Capacity, nameof(bids));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)asks, (uint)Capacity, nameof(asks));
        BidCount = bids;
        AskCount = asks;
    }

    /// <summary>
    /// Puts each side in order, best first; a no-op when it is already. The exchange's order is not relied upon.
    /// </summary>
    public void Sort()
    {
        SortSide(_bids.AsSpan(0, BidCount), descending: true);
        SortSide(_asks.AsSpan(0, AskCount), descending: false);
    }

    // Insertion sort: the levels nearly always come sorted, and then this is one pass of comparisons.
    private static void SortSide(Span<PriceLevel> side, bool descending)
    {
        for (int i = 1; i < side.Length; i++)
        {
            PriceLevel level = side[i];
            int j = i - 1;
            while (j >= 0 && (descending ? side[j].Price < level.Price : side[j].Price > level.Price))
            {
                side[j + 1] = side[j];
                j--;
            }

            side[j + 1] = level;
        }
    }
}
