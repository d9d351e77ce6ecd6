namespace Feeds.Storage.Schema;

/// <summary>The database cannot do what it was asked. The message is for a person and has no secrets.</summary>
public sealed class DatabaseException : StorageException
{
    internal DatabaseException(string database, string message, bool isForPerson)
        : base(database, message) => IsForPerson = isForPerson;

    internal DatabaseException(string database, string message, Exception inner)
        : base(database, message, inner) => IsForPerson = SqlFaults.Classify(inner) is SqlFault.Stop or SqlFault.Value;

    /// <summary>
    /// True when trying again will not help until somebody has acted: a table is gone, a right is missing.
    /// </summary>
    public bool IsForPerson { get; }
}
