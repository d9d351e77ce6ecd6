namespace Feeds.Storage.Schema;

/// <summary>What is to be done about a failed statement.</summary>
internal enum SqlFault
{
    /// <summary>The same transaction may succeed at once: it collided with another.</summary>
    Retry,

    /// <summary>The server is away, full, restarting or read-only: wait, then try again.</summary>
    BackOff,

    /// <summary>A row with this key exists.</summary>
    Duplicate,

    /// <summary>A value cannot be stored: of a batch, find the row.</summary>
    Value,

    /// <summary>A person must act: a table is gone, a right is missing, the password is wrong.</summary>
    Stop,
}
