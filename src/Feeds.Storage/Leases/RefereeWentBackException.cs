namespace Feeds.Storage.Leases;

/// <summary>
/// The referee is not the one that this node knew, or an older state of it: a backup was restored, a replica that
/// lagged was promoted. Epochs that were given away could be given away again, so nothing may be written; a person must
/// decide.
/// </summary>
public sealed class RefereeWentBackException : StorageException
{
    /// <summary>Makes a failure with a message for a person.</summary>
    public RefereeWentBackException(string referee, string what)
        : base(
            referee,
            $"the referee went backwards: {what}. Stop all nodes; if the database was restored on purpose, remove "
            + "referee.json from every node's data folder and start again")
    {
    }
}
