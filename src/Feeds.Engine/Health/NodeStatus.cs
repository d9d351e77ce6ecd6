namespace Feeds.Engine.Health;

/// <summary>A node at an instant; immutable, so it may be read while the node runs.</summary>
/// <param name="Time">When it was taken, epoch ms.</param>
/// <param name="StartTime">When the node started, epoch ms.</param>
/// <param name="Interval">Distance of ticks.</param>
/// <param name="LastTickTime">The newest tick whose rows were written, epoch ms; 0 before the first.</param>
/// <param name="RowsWritten">Rows that the sinks took.</param>
/// <param name="Reasons">Why the node is degraded, a phrase each; empty when it is not.</param>
/// <param name="Symbols">Every symbol, in the configured order.</param>
/// <param name="Streams">Every stream connection.</param>
/// <param name="Rest">The REST side.</param>
public sealed record NodeStatus(
    long Time,
    long StartTime,
    TimeSpan Interval,
    long LastTickTime,
    long RowsWritten,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<SymbolStatus> Symbols,
    IReadOnlyList<StreamStatus> Streams,
    RestStatus Rest)
{
    /// <summary>What was counted since the start.</summary>
    public NodeCounters Counters { get; init; } = NodeCounters.None;

    /// <summary>
    /// The server and lease that are configured, and sinks that fail; none while all rests well on this machine.
    /// </summary>
    public IReadOnlyList<StoreStatus> Stores { get; init; } = [];

    /// <summary>The cluster; null for a node alone.</summary>
    public ClusterStatus? Cluster { get; init; }

    /// <summary>True when every symbol's required feeds are fresh and rows are being written.</summary>
    public bool IsOk => Reasons.Count == 0;

    /// <summary>
    /// True for a member of a cluster that could have symbols, and has none just now: it owes no rows and needs no
    /// streams.
    /// </summary>
    public bool OwnsNothing => Symbols.Count == 0 && Cluster is { View: not null, MayRelease: true };

    /// <summary>True when the first rows were written, or none are owed: the node does what it is for.</summary>
    public bool IsReady => LastTickTime > 0 || OwnsNothing;
}
