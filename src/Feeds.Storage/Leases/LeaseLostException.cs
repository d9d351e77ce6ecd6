namespace Feeds.Storage.Leases;

/// <summary>
/// This node is no member any more: it was replaced by a later start of its name, was removed, or has left.
/// </summary>
public sealed class LeaseLostException : StorageException
{
    /// <summary>Makes a failure with a message for a person.</summary>
    public LeaseLostException(string referee, string nodeId)
        : base(referee,
            $"node {nodeId} is no member of the cluster any more: its lease expired and it was replaced or removed")
    {
    }
}
