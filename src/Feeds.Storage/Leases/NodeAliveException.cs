namespace Feeds.Storage.Leases;

/// <summary>Another process has joined under the same configured name and its lease has not expired.</summary>
public sealed class NodeAliveException : StorageException
{
    /// <summary>Makes a failure with a message for a person.</summary>
    public NodeAliveException(string referee, string nodeId, TimeSpan expiresIn)
        : base(
            referee,
            $"node {nodeId} of this name is alive (its lease runs for {expiresIn.TotalSeconds:0.0} s more): "
            + "stop it, wait if it was killed just now, or give this node another cluster.node_id")
    {
        NodeId = nodeId;
        ExpiresIn = expiresIn;
    }

    /// <summary>The id of the node that has the name.</summary>
    public string NodeId { get; }

    /// <summary>
    /// How long its lease runs, unless it is renewed: a process that was killed lets the name go after that.
    /// </summary>
    public TimeSpan ExpiresIn { get; }
}
