using Feeds.Actors.Tree;
using Feeds.Core.Market;
using Feeds.Dashboard;
using Feeds.Engine.Health;

namespace Feeds.Http;

/// <summary>What the endpoint shows of a node and lets others do to it; safe from any thread.</summary>
internal interface INodeSurface
{
    /// <summary>Returns how the node stands now.</summary>
    NodeStatus Status();

    /// <summary>Returns the newest warnings and errors of the log, the newest first.</summary>
    IReadOnlyList<ProblemDocument> Problems();

    /// <summary>Returns the actors, while they run.</summary>
    ActorNode Tree();

    /// <summary>
    /// Returns what the actor at a path shows of its state; null when it shows nothing or has no instance.
    /// </summary>
    /// <exception cref="Feeds.Core.FeedsException">No such actor lives, or it did not answer in time.</exception>
    Task<object?> InspectAsync(string path, CancellationToken cancellationToken);

    /// <summary>Restarts the actor at a path, a parked or stopped one too. False when there is no such actor.</summary>
    bool Restart(string path);

    /// <summary>
    /// Stops the actor at a path, its mailbox worked off; it stays in the tree until it is restarted. False when there
    /// is no such actor.
    /// </summary>
    bool Stop(string path);

    /// <summary>
    /// Watches a symbol from now on; it is remembered over restarts. False when it is watched already.
    /// </summary>
    /// <exception cref="Feeds.Core.FeedsException">The exchange does not trade it.</exception>
    Task<bool> AddSymbolAsync(Symbol symbol, CancellationToken cancellationToken);

    /// <summary>
    /// Asks a node of the cluster to hand its symbols over and stop. False when there is no such node.
    /// </summary>
    Task<bool> LeaveAsync(string node, CancellationToken cancellationToken);

    /// <summary>Watches a symbol no longer; that is remembered over restarts. False when it is not watched.</summary>
    Task<bool> RemoveSymbolAsync(Symbol symbol, CancellationToken cancellationToken);
}
