using Feeds.Core.Market;

namespace Feeds.Storage.Journals;

/// <summary>
/// Holds ticks back until no later segment can bring an earlier one, so that they come ordered by tick and symbol over
/// the whole journal. A symbol's ticks rise from segment to segment; so what is held is at most what the segment after
/// the current one spans and, for a symbol that is absent from it, the age that a tick with a row can have.
/// </summary>
internal sealed class TickOrder
{
    private readonly List<FoldedTick> _held = [];
    private readonly IReadOnlyList<SegmentContent> _segments;
    private readonly Dictionary<Symbol, Queue<int>> _places = [];
    private int _read = -1;

    /// <summary>Makes the order of ticks from these segments, which are read in this order.</summary>
    public TickOrder(IReadOnlyList<SegmentContent> segments, Func<Symbol, bool> isWanted)
    {
        _segments = segments;
        for (int i = 0; i < segments.Count; i++)
        {
            foreach (Symbol symbol in segments[i].Symbols.Where(isWanted))
            {
                if (!_places.TryGetValue(symbol, out Queue<int>? places))
                {
                    _places.Add(symbol, places = new Queue<int>());
                }

                places.Enqueue(i);
            }
        }
    }

    /// <summary>Takes the ticks of the next segment and hands on those that nothing can come before.</summary>
    /// <param name="ticks">The segment's ticks, in any order.</param>
    /// <param name="lastTick">
    /// For a symbol, the last tick that was folded, epoch ms; <see cref="long.MaxValue"/> when no more are wanted.
    /// </param>
    /// <param name="maxTickAgeMs">How much older than its segment a tick with a row can be at most.</param>
    /// <param name="onTick">Takes the ticks.</param>
    public void Add(
        IEnumerable<FoldedTick> ticks, Func<Symbol, long> lastTick, long maxTickAgeMs, Action<FoldedTick> onTick)
    {
        _read++;
        _held.AddRange(ticks);
        _held.Sort(static (a, b) =>
        {
            int order = a.Rows.Feed.TickTime.CompareTo(b.Rows.Feed.TickTime);
            return order != 0 ? order : a.Rows.Feed.Symbol.CompareTo(b.Rows.Feed.Symbol);
        });
        long safe = SafeTick(lastTick, maxTickAgeMs);
        int count = 0;
        while (count < _held.Count && _held[count].Rows.Feed.TickTime <= safe)
        {
            onTick(_held[count++]);
        }

        _held.RemoveRange(0, count);
    }

    // The last tick that no symbol of a later segment can still have a row at.
    private long SafeTick(Func<Symbol, long> lastTick, long maxTickAgeMs)
    {
        long safe = long.MaxValue;
        foreach ((Symbol symbol, Queue<int> places) in _places)
        {
            while (places.TryPeek(out int place) && place <= _read)
            {
                places.Dequeue();
            }

            if (places.TryPeek(out int next))
            {
                long last = lastTick(symbol);
                safe = Math.Min(
                    safe, next == _read + 1 ? last : Math.Max(last, _segments[next].Name.CreatedTime - maxTickAgeMs));
            }
        }

        return safe;
    }
}
