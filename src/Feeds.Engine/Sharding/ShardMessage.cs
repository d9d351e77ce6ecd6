using Feeds.Actors;
using Feeds.Storage.Leases;

namespace Feeds.Engine.Sharding;

/// <summary>What the shard region takes.</summary>
internal abstract record ShardMessage
{
    /// <summary>It is time to renew the lease.</summary>
    internal sealed record Due : ShardMessage;

    /// <summary>Somebody changed something, or may have.</summary>
    internal sealed record Changed : ShardMessage;

    /// <summary>Look at the referee anew; answered when what that view asks for is done.</summary>
    internal sealed record Refresh(Reply<bool> Done) : ShardMessage;

    /// <summary>The node stops: move nothing any more; answered when nothing moves. The lease is renewed on.</summary>
    internal sealed record Drain(Reply<bool> Done) : ShardMessage;

    /// <summary>The lease is renewed.</summary>
    /// <param name="Mark">The deadline's mark from before the renewal was sent.</param>
    /// <param name="View">What the referee showed.</param>
    internal sealed record Renewed(long Mark, ClusterView View) : ShardMessage;

    /// <summary>A renewal failed.</summary>
    internal sealed record RenewalFailed(Exception Failure) : ShardMessage;

    /// <summary>The referee refused a write under this lease.</summary>
    internal sealed record Refused(SymbolLease Lease) : ShardMessage;

    /// <summary>Symbols were started and stopped as planned, or that failed.</summary>
    internal sealed record Moved(Exception? Failure) : ShardMessage;
}
