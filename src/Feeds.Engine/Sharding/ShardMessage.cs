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

    /// <summary>
    /// The node stops: a move that is under way is cut short, nothing moves any more but what is handed over to the
    /// other nodes; answered with true when all is theirs. The lease is renewed on.
    /// </summary>
    /// <param name="HandOver">True when there are others to go on.</param>
    /// <param name="Done">The answer.</param>
    internal sealed record Drain(bool HandOver, Reply<bool> Done) : ShardMessage;

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
