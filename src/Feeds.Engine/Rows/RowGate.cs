using Feeds.Core.Symbols;
using Feeds.Engine.Sharding;
using Feeds.Storage.Leases;

namespace Feeds.Engine.Rows;

/// <summary>
/// Says which rows may leave now: those of symbols that this node holds, while its lease is good. The referee refuses
/// the rest as well; here they are not even sent.
/// </summary>
internal sealed class RowGate(HeldLeases held, LeaseDeadline deadline)
{
    private long _discarded;

    /// <summary>True while the lease is good; rows wait otherwise.</summary>
    public bool IsOpen => deadline.MayRelease;

    /// <summary>Rows that were computed and discarded because their symbol was lost before they were written.</summary>
    public long DiscardedRows => Volatile.Read(ref _discarded);

    /// <summary>True when the row's symbol is held.</summary>
    public bool IsHeld(TickRows rows) => held.EpochOf(rows.Feed.Symbol) > 0;

    /// <summary>Counts rows that were discarded.</summary>
    public void Discarded(int rows) => Interlocked.Add(ref _discarded, rows);
}
