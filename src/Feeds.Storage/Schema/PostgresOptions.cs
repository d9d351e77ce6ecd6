namespace Feeds.Storage.Schema;

/// <summary>How the database is reached.</summary>
public sealed record PostgresOptions
{
    /// <summary>An Npgsql connection string; it carries a password and is never shown.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The schema that everything lies in, 1 to 63 bytes; made when absent.</summary>
    public string Schema { get; init; } = "feeds";

    /// <summary>
    /// What the server knows these connections by, at most 63 bytes: <c>feeds/</c> and the node's id.
    /// </summary>
    public string ApplicationName { get; init; } = "feeds";

    /// <summary>
    /// A session that sits in a transaction for longer is ended by the server, and with it the locks of a process that
    /// was frozen there: shorter than anybody wants to wait for a take-over.
    /// </summary>
    public TimeSpan IdleInTransaction { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest that one statement may take.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that one statement waits for a lock.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The longest that connecting may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Returns the schema: the connection string is never shown.</summary>
    public override string ToString() => $"{nameof(PostgresOptions)} {{ Schema = {Schema} }}";
}
