using Feeds.Storage.Leases;

namespace Feeds.Engine.Sharding;

/// <summary>What the node waits for from its shard region. Outlives the actor's instances.</summary>
internal sealed class RegionOutcome(Action<Exception> failed)
{
    private (long At, TimeSpan ExpiresIn)? _seen;

    /// <summary>
    /// Completes when every symbol that the node should have at first is started, or fails with why it cannot take
    /// part.
    /// </summary>
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

    /// <summary>
    /// True until the lease would have ended that a process of this node's name had when it was seen first: one that
    /// was killed just now has it until then, one that renews has it longer and keeps the name.
    /// </summary>
    public bool MayWaitFor(NodeAliveException alive, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(alive);
        _seen ??= (time.GetTimestamp(), alive.ExpiresIn);
        return time.GetElapsedTime(_seen.Value.At) <= _seen.Value.ExpiresIn;
    }
}
