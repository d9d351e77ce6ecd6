using Feeds.Storage.Leases;

namespace Feeds.Engine.Sharding;

/// <summary>What others may read of the shard region while it works.</summary>
public sealed class ShardGauges
{
    private ClusterView? _view;
    private string? _trouble;
    private long _taken;
    private long _handedOver;
    private long _lost;

    /// <summary>What the referee showed last; null before the first renewal.</summary>
    public ClusterView? View => Volatile.Read(ref _view);

    /// <summary>Why the lease could not be renewed the last time; null when it was.</summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    /// <summary>Symbols taken since the start.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Symbols handed over since the start.</summary>
    public long HandedOver => Volatile.Read(ref _handedOver);

    /// <summary>Symbols lost to another node since the start.</summary>
    public long Lost => Volatile.Read(ref _lost);

    internal void Seen(ClusterView view)
    {
        Volatile.Write(ref _view, view);
        Volatile.Write(ref _trouble, null);
    }

    internal void Failed(string trouble) => Volatile.Write(ref _trouble, trouble);

    internal void AddTaken(int count) => Interlocked.Add(ref _taken, count);

    internal void AddHandedOver(int count) => Interlocked.Add(ref _handedOver, count);

    internal void AddLost(int count) => Interlocked.Add(ref _lost, count);
}
