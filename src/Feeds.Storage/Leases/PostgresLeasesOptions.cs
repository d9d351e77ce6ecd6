namespace Feeds.Storage.Leases;

/// <summary>What a node of a cluster tells its referee.</summary>
public sealed record PostgresLeasesOptions
{
    /// <summary>
    /// The node's configured name: 1 to 40 letters, digits, <c>_</c>, <c>-</c>, <c>.</c>; one process at a time has it.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Where other nodes reach its HTTP server; empty when they do not.</summary>
    public string Address { get; init; } = "";

    /// <summary>How long a lease runs from its renewal, above zero.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The file in the node's data folder that remembers the referee and the highest epochs seen, such as
    /// <c>data/referee.json</c>; null keeps them in memory alone.
    /// </summary>
    public string? MemoryPath { get; init; }
}
