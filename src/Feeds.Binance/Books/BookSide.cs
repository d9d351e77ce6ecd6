using System.Runtime.InteropServices;
using Feeds.Core.Books;

namespace Feeds.Binance.Books;

/// <summary>
/// The known levels of one side of a book, down to its horizon: what lies beyond is unknown, not empty, and is not
/// taken in. Prices come from the same decimals by the same exact conversion, so equal prices are equal numbers.
/// </summary>
internal sealed class BookSide(bool isBids)
{
    // Best last: what changes most lies where little has to be moved.
    private readonly List<PriceLevel> _levels = [];
    private double _horizon = isBids ? double.NegativeInfinity : double.PositiveInfinity;

    /// <summary>How many levels are known.</summary>
    public int Count => _levels.Count;

    /// <summary>True when nothing is beyond the known levels: the snapshot held the whole side.</summary>
    public bool IsWhole => double.IsInfinity(_horizon);

    /// <summary>The worst price that is known of; infinite when the whole side is known.</summary>
    public double Horizon => _horizon;

    /// <summary>The best price; NaN for an empty side.</summary>
    public double Best => _levels.Count == 0 ? double.NaN : _levels[^1].Price;

    /// <summary>Begins anew with the levels of a snapshot, best first.</summary>
    /// <param name="levels">The levels, best first.</param>
    /// <param name="asked">
    /// How many levels the snapshot could have held; fewer mean that it held the whole side.
    /// </param>
    public void Restart(IReadOnlyList<PriceLevel> levels, int asked)
    {
        _levels.Clear();
        for (int i = levels.Count - 1; i >= 0; i--)
        {
            _levels.Add(levels[i]);
        }

        double whole = isBids ? double.NegativeInfinity : double.PositiveInfinity;
        _horizon = levels.Count < asked || levels.Count == 0 ? whole : levels[^1].Price;
    }

    /// <summary>Sets the quantities of changed levels; 0 deletes, and deleting what is not there is normal.</summary>
    public void Apply(ReadOnlySpan<PriceLevel> changes)
    {
        foreach (PriceLevel change in changes)
        {
            if (isBids ? change.Price < _horizon : change.Price > _horizon)
            {
                continue;
            }

            int at = Find(change.Price);
            if (change.Quantity > 0)
            {
                if (at >= 0)
                {
                    _levels[at] = change;
                }
                else
                {
                    _levels.Insert(~at, change);
                }
            }
            else if (at >= 0)
            {
                _levels.RemoveAt(at);
            }
        }
    }

    /// <summary>Copies the best levels, best first; returns how many there were.</summary>
    public int CopyBest(Span<PriceLevel> into)
    {
        int count = Math.Min(into.Length, _levels.Count);
        for (int i = 0; i < count; i++)
        {
            into[i] = _levels[^(i + 1)];
        }

        return count;
    }

    /// <summary>True when both sides hold the same levels as far as both know, at most so many of the best.</summary>
    public bool Agrees(BookSide other, int depth)
    {
        double horizon = isBids ? Math.Max(_horizon, other._horizon) : Math.Min(_horizon, other._horizon);
        ReadOnlySpan<PriceLevel> mine = Within(horizon, depth);
        return mine.SequenceEqual(other.Within(horizon, depth));
    }

    private ReadOnlySpan<PriceLevel> Within(double horizon, int depth)
    {
        ReadOnlySpan<PriceLevel> levels = CollectionsMarshal.AsSpan(_levels);
        int from = Math.Max(0, levels.Length - depth);
        while (from < levels.Length && (isBids ? levels[from].Price < horizon : levels[from].Price > horizon))
        {
            from++;
        }

        return levels[from..];
    }

    // The place of a price, or the complement of where it belongs.
    private int Find(double price)
    {
        int low = 0;
        int high = _levels.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            double at = _levels[middle].Price;
            if (isBids ? at < price : at > price)
            {
                low = middle + 1;
            }
            else if (isBids ? at > price : at < price)
            {
                high = middle - 1;
            }
            else
            {
                return middle;
            }
        }

        return ~low;
    }
}
