namespace Feeds.Configuration;

/// <summary>The section <c>cluster</c>.</summary>
internal sealed record ClusterOptions
{
    /// <summary>True to share the symbols with other nodes over PostgreSQL.</summary>
    public bool Enabled { get; init; }

    /// <summary>
    /// The node's name; <c>auto</c> makes one of machine and port, so that a node that is started again has it again.
    /// </summary>
    public string NodeId { get; init; } = "auto";

    /// <summary>Seconds after which a silent node loses its symbols, 3…300.</summary>
    public int LeaseTtlSec { get; init; } = 10;
}
