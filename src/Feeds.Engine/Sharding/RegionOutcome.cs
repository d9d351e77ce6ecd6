using Feeds.Storage.Leases;

namespace Feeds.Engine.Sharding;

/// <summary>What the node waits for from its shard region. Outlives the actor's instances.</summary>
internal sealed class RegionOutcome(Action<Exception> failed)
{
    private bool _waited;

    /// <summary>Completes when every symbol that the node should have at first is started, or fails with why it cannot take part.</summary>
    public TaskCompletionSource Placed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when somebody asked this node to leave.</summary>
    public TaskCompletionSource Draining { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The node cannot go on.</summary>
    public void Fail(Exception failure)
    {
        if (!Placed.TrySetException(failure))
        {
            failed(failure);
        }
    }

    /// <summary>True once: a process that was killed just now still has the name until its lease ends; one that renews keeps it.</summary>
    public bool MayWaitFor(NodeAliveException alive)
    {
        ArgumentNullException.ThrowIfNull(alive);
        bool may = !_waited;
        _waited = true;
        return may;
    }
}
