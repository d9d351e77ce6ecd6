using Feeds.Binance.Rest;
using Feeds.Binance.Wire;
using Feeds.Core.Books;

namespace Feeds.Binance.Books;

/// <summary>
/// One symbol's order book, kept from the stream of its changes and snapshots by the exchange's rules, so that it is
/// either certainly right or known to be wrong: each change names its predecessor (<c>pu</c>), for ever. No I/O and no
/// clock; changes come from one thread, snapshots may come from another.
/// </summary>
/// <remarks>Rules: developers.binance.com, USDⓈ-M futures, "How to manage a local order book correctly".</remarks>
public sealed class CertifiedBook
{
    /// <summary>
    /// Levels a side that a snapshot is asked for: as many as the exchange gives for the least weight.
    /// </summary>
    public const int SnapshotLevels = 500;

    // A minute of changes, of which a snapshot needs the last second or two.
    private const int MaxKept = 600;
    private const int MaxKeptLevels = 60_000;

    // More levels inside the horizon than any market has: the price ran far from the snapshot.
    private const int MaxLevels = 8_000;

    // With fewer known on a side than this, and no fewer than twice those it is kept for, a wider snapshot is wanted.
    private const int FewLevels = 100;

    // How many of the best levels are held against a snapshot.
    private const int AuditedLevels = 100;

    private readonly int _levels;
    private readonly int _leastLevels;
    private readonly Queue<Kept> _kept = new();
    private BookSide _bids = new(isBids: true);
    private BookSide _asks = new(isBids: false);
    private BookSide _otherBids = new(isBids: true);
    private BookSide _otherAsks = new(isBids: false);
    private BookSnapshot? _offered;
    private volatile bool _auditWanted;
    private volatile int _wish;
    private int _keptLevels;
    private long _lastKept;
    private long _lastEventTime;

    /// <summary>Makes a book that is not valid yet.</summary>
    /// <param name="levels">How many of the best levels it is kept for, at least 1.</param>
    /// <param name="leastLevels">
    /// With fewer known on a side that has more beyond its horizon it is of no use, and counts as broken; at least 1.
    /// </param>
    public CertifiedBook(int levels, int leastLevels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(levels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(leastLevels);
        _levels = levels;
        _leastLevels = leastLevels;
    }

    /// <summary>True while its levels are certain.</summary>
    public bool IsValid { get; private set; }

    /// <summary>Last update id of the last change that continued the book; kept when it breaks.</summary>
    public long LastUpdateId { get; private set; }

    /// <summary>Event time of that change, epoch ms.</summary>
    public long LastEventTime => _lastEventTime;

    /// <summary>How often its chain broke.</summary>
    public long Breaks { get; private set; }

    /// <summary>Snapshots that were older than all changes that were kept.</summary>
    public long TooOld { get; private set; }

    /// <summary>Snapshots that the book was held against.</summary>
    public long Audits { get; private set; }

    /// <summary>Audits that found it wrong.</summary>
    public long Mismatches { get; private set; }

    /// <summary>
    /// What it wants a snapshot for; to be asked for after this was read, as changes are kept from then on.
    /// </summary>
    public SnapshotWish Wish => (SnapshotWish)_wish;

    /// <summary>True while a snapshot waits for the change that it is bridged by.</summary>
    public bool HasSnapshot => Volatile.Read(ref _offered) is not null;

    /// <summary>Asks it to want a snapshot to be held against. From any thread.</summary>
    public void RequestAudit() => _auditWanted = true;

    /// <summary>Gives it a snapshot; it is used at the next change. From any thread.</summary>
    public void Offer(BookSnapshot snapshot) => Volatile.Write(ref _offered, snapshot);

    /// <summary>Takes the next change of the stream.</summary>
    public BookStep Apply(in BookDelta delta)
    {
        BookStep step = IsValid ? Continue(delta) : Wait(delta);
        if (step == BookStep.Known)
        {
            return step;
        }

        if (IsValid && _wish == (int)SnapshotWish.None)
        {
            WishMore(delta);
        }

        BookSnapshot? snapshot = _wish == (int)SnapshotWish.None ? null : Interlocked.Exchange(ref _offered, null);
        return snapshot is null ? step : Bridge(snapshot, step);
    }

    /// <summary>Copies the best levels of both sides.</summary>
    public void CopyBest(BookLevels into)
    {
        int count = Math.Min(_levels, into.Capacity);
        into.SetCounts(_bids.CopyBest(into.BidBuffer[..count]), _asks.CopyBest(into.AskBuffer[..count]));
    }

    private BookStep Continue(in BookDelta delta)
    {
        if (delta.PreviousLastUpdateId != LastUpdateId)
        {
            // Known, as the overlap of two connections brings it; with a later time the exchange began to count anew.
            return delta.LastUpdateId <= LastUpdateId && delta.EventTime <= _lastEventTime
                ? BookStep.Known : Break(delta);
        }

        _bids.Apply(delta.Levels.Bids);
        _asks.Apply(delta.Levels.Asks);
        if (IsOfNoUse(_bids, _asks))
        {
            return Break(delta);
        }

        LastUpdateId = delta.LastUpdateId;
        _lastEventTime = delta.EventTime;
        if (_wish != (int)SnapshotWish.None)
        {
            Keep(delta);
        }

        return BookStep.Applied;
    }

    private BookStep Wait(in BookDelta delta)
    {
        if (_kept.Count > 0 && delta.PreviousLastUpdateId != _lastKept)
        {
            if (delta.LastUpdateId <= _lastKept && delta.EventTime <= _lastEventTime)
            {
                return BookStep.Known;
            }

            // What was kept leads nowhere any more.
            Forget();
        }

        Keep(delta);
        _lastEventTime = delta.EventTime;
        _wish = (int)SnapshotWish.Restore;
        return BookStep.Waiting;
    }

    private BookStep Break(in BookDelta delta)
    {
        IsValid = false;
        Breaks++;
        Forget();
        Keep(delta);
        _lastEventTime = delta.EventTime;
        _wish = (int)SnapshotWish.Restore;
        return BookStep.Broken;
    }

    // The change at hand is part of the book already: kept too, it lets an older snapshot be bridged.
    private void WishMore(in BookDelta delta)
    {
        SnapshotWish wish = IsShort(_bids) || IsShort(_asks) ? SnapshotWish.Widen
            : _auditWanted ? SnapshotWish.Audit
            : SnapshotWish.None;
        if (wish != SnapshotWish.None)
        {
            _auditWanted = false;
            Volatile.Write(ref _offered, null);
            Keep(delta);
            _wish = (int)wish;
        }
    }

    // USD-M: changes before the snapshot are passed over (u < lastUpdateId); the first one holds it (U ≤ lastUpdateId ≤
    // u), or names it as its predecessor (pu = lastUpdateId).
    private BookStep Bridge(BookSnapshot snapshot, BookStep step)
    {
        while (_kept.TryPeek(out Kept? first) && first.LastUpdateId < snapshot.LastUpdateId)
        {
            Drop();
        }

        if (!_kept.TryPeek(out Kept? bridge))
        {
            // The snapshot is ahead of the stream: its change is yet to come, unless a newer snapshot came meanwhile.
            Interlocked.CompareExchange(ref _offered, snapshot, null);
            return step;
        }

        if (bridge.FirstUpdateId > snapshot.LastUpdateId && bridge.PreviousLastUpdateId != snapshot.LastUpdateId)
        {
            TooOld++;
            return step;
        }

        _otherBids.Restart(snapshot.Bids, SnapshotLevels);
        _otherAsks.Restart(snapshot.Asks, SnapshotLevels);
        foreach (Kept each in _kept)
        {
            _otherBids.Apply(each.Bids);
            _otherAsks.Apply(each.Asks);
        }

        if (IsOfNoUse(_otherBids, _otherAsks))
        {
            TooOld++;
            return step;
        }

        return Adopt(step);
    }

    private BookStep Adopt(BookStep step)
    {
        bool wasValid = IsValid;
        bool agrees = wasValid && _bids.Agrees(_otherBids, AuditedLevels) && _asks.Agrees(_otherAsks, AuditedLevels);
        Audits += wasValid ? 1 : 0;
        Mismatches += wasValid && !agrees ? 1 : 0;
        (_bids, _otherBids) = (_otherBids, _bids);
        (_asks, _otherAsks) = (_otherAsks, _asks);
        LastUpdateId = _lastKept;
        IsValid = true;
        Forget();
        _wish = (int)SnapshotWish.None;
        return !wasValid ? BookStep.Restored : agrees ? step : BookStep.Corrected;
    }

    private bool IsShort(BookSide side) => !side.IsWhole && side.Count < Math.Max(FewLevels, 2 * _levels);

    private bool IsOfNoUse(BookSide bids, BookSide asks) =>
        bids.Best >= asks.Best || IsOfNoUse(bids) || IsOfNoUse(asks);

    private bool IsOfNoUse(BookSide side) => side.Count > MaxLevels || (!side.IsWhole && side.Count < _leastLevels);

    private void Keep(in BookDelta delta)
    {
        Kept kept = new(
            delta.FirstUpdateId, delta.LastUpdateId, delta.PreviousLastUpdateId, [.. delta.Levels.Bids],
            [.. delta.Levels.Asks]);
        _kept.Enqueue(kept);
        _keptLevels += kept.Levels;
        _lastKept = delta.LastUpdateId;
        while (_kept.Count > MaxKept || (_keptLevels > MaxKeptLevels && _kept.Count > 1))
        {
            Drop();
        }
    }

    private void Drop() => _keptLevels -= _kept.Dequeue().Levels;

    private void Forget()
    {
        _kept.Clear();
        _keptLevels = 0;
    }

    private sealed record Kept(
        long FirstUpdateId, long LastUpdateId, long PreviousLastUpdateId, PriceLevel[] Bids, PriceLevel[] Asks)
    {
        public int Levels => Bids.Length + Asks.Length;
    }
}
