using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Replay;

/// <summary>
/// A book kept from recorded snapshots and deltas by the exchange's rule: deltas wait until a snapshot comes, the first
/// one applied reaches over the snapshot's id, each further one continues its predecessor. Not safe from several
/// threads.
/// </summary>
internal sealed class RecordedBook
{
    private readonly SortedDictionary<long, long> _bids = new(Comparer<long>.Create(static (a, b) => b.CompareTo(a)));
    private readonly SortedDictionary<long, long> _asks = [];
    private readonly List<Record> _waiting = [];
    private readonly List<RecordedChain> _chains = [];
    private Record? _snapshot;

    /// <summary>True once a snapshot was bridged and while the chain holds.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Last update id applied.</summary>
    public long LastUpdateId { get; private set; }

    /// <summary>When the venue made the last change applied, epoch ms.</summary>
    public long Time { get; private set; }

    /// <summary>Deltas that did not continue the book.</summary>
    public int Breaks { get; private set; }

    public void Snapshot(Record snapshot)
    {
        if (IsWhole)
        {
            return; // the deltas already know more
        }

        _snapshot = snapshot;
        foreach (Record delta in _waiting.ToArray())
        {
            Bridge(delta);
        }

        _waiting.Clear();
    }

    public void Delta(Record delta)
    {
        if (!IsWhole)
        {
            if (_snapshot is null)
            {
                _waiting.Add(delta);
            }
            else
            {
                Bridge(delta);
            }

            return;
        }

        // USD-M: a delta continues the book only when pu = last u.
        if (delta.Id != LastUpdateId)
        {
            Breaks++;
            IsWhole = false;
            _snapshot = null;
            _waiting.Add(delta);
            return;
        }

        Apply(delta);
    }

    public int Levels(bool bids, Span<BookLevel> into)
    {
        int count = 0;
        foreach ((long price, long quantity) in bids ? _bids : _asks)
        {
            if (count == into.Length)
            {
                break;
            }

            into[count++] = new BookLevel(price, quantity);
        }

        return count;
    }

    public RecordedChain OpenChain()
    {
        RecordedChain chain = new() { LastUpdateId = LastUpdateId };
        _chains.Add(chain);
        return chain;
    }

    public bool Take(RecordedChain chain, BookDelta into)
    {
        into.Bids.Clear();
        into.Asks.Clear();
        if (chain.LastUpdateId == LastUpdateId || chain.Bids.Count + chain.Asks.Count == 0)
        {
            return false;
        }

        into.FirstUpdateId = chain.FirstUpdateId;
        into.PreviousLastUpdateId = chain.LastUpdateId;
        into.LastUpdateId = LastUpdateId;
        into.Time = Time;
        into.Bids.AddRange(chain.Bids.Select(price => new BookLevel(price, _bids.GetValueOrDefault(price))));
        into.Asks.AddRange(chain.Asks.Select(price => new BookLevel(price, _asks.GetValueOrDefault(price))));
        chain.Bids.Clear();
        chain.Asks.Clear();
        chain.LastUpdateId = LastUpdateId;
        chain.FirstUpdateId = 0;
        return true;
    }

    private void Bridge(Record delta)
    {
        if (IsWhole)
        {
            if (delta.Id == LastUpdateId)
            {
                Apply(delta);
            }

            return;
        }

        long id = _snapshot!.LastId;
        if (delta.LastId < id || (delta.FirstId > id && delta.Id != id))
        {
            return; // older than the snapshot, or beyond a hole
        }

        _bids.Clear();
        _asks.Clear();
        Set(_bids, _snapshot.Bids);
        Set(_asks, _snapshot.Asks);
        IsWhole = true;
        Apply(delta);
    }

    private void Apply(Record delta)
    {
        Set(_bids, delta.Bids);
        Set(_asks, delta.Asks);
        LastUpdateId = delta.LastId;
        Time = delta.Time;
        foreach (RecordedChain chain in _chains)
        {
            chain.FirstUpdateId = chain.FirstUpdateId == 0 ? delta.FirstId : chain.FirstUpdateId;
            foreach (BookLevel level in delta.Bids)
            {
                chain.Bids.Add(level.Price);
            }

            foreach (BookLevel level in delta.Asks)
            {
                chain.Asks.Add(level.Price);
            }
        }
    }

    private static void Set(SortedDictionary<long, long> side, BookLevel[] levels)
    {
        foreach (BookLevel level in levels)
        {
            if (level.Quantity == 0)
            {
                side.Remove(level.Price);
            }
            else
            {
                side[level.Price] = level.Quantity;
            }
        }
    }
}
