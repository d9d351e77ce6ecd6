using Feeds.Core.Market;

namespace Feeds.Storage.Leases;

/// <summary>
/// Which node owns which symbol, told by a referee: PostgreSQL for a cluster, this process itself for a single node.
/// Safe from any thread.
/// </summary>
public interface ILeases : IAsyncDisposable
{
    /// <summary>This node's id: its configured name and the number of its start.</summary>
    string NodeId { get; }

    /// <summary>
    /// Moves this node's expiry to one lease from now and returns the whole view, in one round trip; the first call
    /// joins. After a cancel the lease is renewed or as it was: count the deadline from before the last call that
    /// returned.
    /// </summary>
    /// <exception cref="NodeAliveException">At the first call: another process of the same name is alive.</exception>
    /// <exception cref="LeaseLostException">
    /// The node was replaced, removed or has left: nothing is its own any more.
    /// </exception>
    /// <exception cref="RefereeWentBackException">The referee is another one or an older state of itself.</exception>
    /// <exception cref="StorageException">The referee cannot be reached just now; try again.</exception>
    Task<ClusterView> RenewAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes those of the symbols that nobody owns, or whose owner is dead, and returns them with their new epochs.
    /// After a cancel some may be taken: the next view tells.
    /// </summary>
    Task<IReadOnlyList<SymbolLease>> TakeAsync(
        IReadOnlyCollection<Symbol> symbols, CancellationToken cancellationToken);

    /// <summary>Gives symbols up; those that this node does not own in that epoch are passed over.</summary>
    Task ReleaseAsync(IReadOnlyCollection<SymbolLease> leases, CancellationToken cancellationToken);

    /// <summary>Adds a symbol to the watched set of all nodes; false when it was there.</summary>
    Task<bool> AddSymbolAsync(Symbol symbol, CancellationToken cancellationToken);

    /// <summary>
    /// Removes a symbol from the watched set of all nodes; false when it was not there. Its epoch is remembered.
    /// </summary>
    Task<bool> RemoveSymbolAsync(Symbol symbol, CancellationToken cancellationToken);

    /// <summary>Marks a node as draining, by its id or its configured name; false when there is no such node.</summary>
    Task<bool> DrainAsync(string nodeId, CancellationToken cancellationToken);

    /// <summary>Gives up everything this node owns, and its membership. It does not come back under this id.</summary>
    Task LeaveAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Completes when another node has changed something since the last call, or may have; never for a single node. A
    /// word can be lost with its connection: renewing is the net under it.
    /// </summary>
    Task WaitForChangeAsync(CancellationToken cancellationToken);
}
