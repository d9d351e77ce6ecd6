using Feeds.Storage.Leases;

namespace Feeds.Engine.Health;

/// <summary>
/// The cluster as this node's referee showed it last; also of nodes that are down, as the referee keeps them a while.
/// </summary>
/// <param name="NodeId">This node.</param>
/// <param name="View">Members and owners; null before the first renewal.</param>
/// <param name="MayRelease">True while this node's lease is good; rows wait otherwise.</param>
/// <param name="Trouble">Why the lease could not be renewed the last time; null when it was.</param>
/// <param name="Taken">Symbols taken since the start.</param>
/// <param name="HandedOver">Symbols handed over since the start.</param>
/// <param name="Lost">Symbols lost to other nodes since the start.</param>
/// <param name="FencedWrites">Writes that the referee refused for a stale epoch, by symbol.</param>
/// <param name="DiscardedRows">Rows that were computed and not written, as their symbols were lost before.</param>
public sealed record ClusterStatus(
    string NodeId,
    ClusterView? View,
    bool MayRelease,
    string? Trouble,
    long Taken,
    long HandedOver,
    long Lost,
    long FencedWrites,
    long DiscardedRows);
