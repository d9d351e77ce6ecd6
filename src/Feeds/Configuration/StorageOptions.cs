namespace Feeds.Configuration;

/// <summary>The section <c>storage</c>.</summary>
internal sealed record StorageOptions
{
    /// <summary>The folder of small state, logs and, unless said otherwise, rows.</summary>
    public string DataDir { get; init; } = "data";

    /// <summary>The PostgreSQL connection string; null for none.</summary>
    public Secret? Postgres { get; init; }

    /// <summary>A file that holds it.</summary>
    public string? PostgresFile { get; init; }

    /// <summary>The Redis connection string; null for none.</summary>
    public Secret? Redis { get; init; }

    /// <summary>A file that holds it.</summary>
    public string? RedisFile { get; init; }
}
