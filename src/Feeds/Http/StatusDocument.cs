namespace Feeds.Http;

/// <summary>What <c>GET /status</c> tells as JSON; names become snake_case. Unknown numbers are null.</summary>
internal sealed record StatusDocument
{
    /// <summary><c>OK</c> or <c>DEGRADED</c>.</summary>
    public required string DataFeeds { get; init; }

    /// <summary>Why it is degraded, a phrase each.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>
    /// True once rows were written; also for a member of a cluster that owns no symbol and owes none.
    /// </summary>
    public bool Ready { get; init; }

    /// <summary>When this was taken.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>When the node started.</summary>
    public DateTimeOffset StartTime { get; init; }

    /// <summary>Seconds between rows.</summary>
    public double IntervalSec { get; init; }

    /// <summary>The newest tick whose rows were written.</summary>
    public DateTimeOffset? LastTickTime { get; init; }

    /// <summary>Sums over all symbols.</summary>
    public CountersDocument Counters { get; init; } = new();

    /// <summary>Every symbol.</summary>
    public IReadOnlyList<SymbolDocument> Symbols { get; init; } = [];

    /// <summary>Every stream connection.</summary>
    public IReadOnlyList<StreamDocument> Streams { get; init; } = [];

    /// <summary>Nodes and owners of all symbols; null for a node alone.</summary>
    public ClusterDocument? Cluster { get; init; }

    /// <summary>The REST side.</summary>
    public RestDocument Rest { get; init; } = new();

    /// <summary>The servers that are configured, such as <c>postgres</c>.</summary>
    public IReadOnlyList<StoreDocument> Stores { get; init; } = [];
}

/// <summary>A server in which the node keeps things.</summary>
internal sealed record StoreDocument(string Name, bool Ok, string Detail);

/// <summary>Sums over all symbols since the start.</summary>
internal sealed record CountersDocument
{
    /// <summary>Rows that the sinks took.</summary>
    public long Rows { get; init; }

    /// <summary>Symbols watched.</summary>
    public int Symbols { get; init; }

    /// <summary>
    /// Symbols by how they stand: <c>OK</c>, <c>DEGRADED</c>, <c>STARTING</c>, <c>INACTIVE</c>, <c>PARKED</c>.
    /// </summary>
    public IReadOnlyDictionary<string, int> Health { get; init; } = new Dictionary<string, int>();

    /// <summary>Events applied.</summary>
    public long Events { get; init; }

    /// <summary>Known messages that were dropped.</summary>
    public long Duplicates { get; init; }

    /// <summary>Books replaced by newer ones before they were read.</summary>
    public long Conflated { get; init; }

    /// <summary>Messages refused as broken.</summary>
    public long Rejected { get; init; }

    /// <summary>Errors over all feeds.</summary>
    public long Errors { get; init; }

    /// <summary>Restarts of symbol actors.</summary>
    public long Restarts { get; init; }

    /// <summary>Stream connections opened again.</summary>
    public long Reconnects { get; init; }
}

/// <summary>One symbol.</summary>
internal sealed record SymbolDocument
{
    /// <summary>The exchange's name.</summary>
    public required string Symbol { get; init; }

    /// <summary><c>OK</c>, <c>DEGRADED</c>, <c>STARTING</c>, <c>INACTIVE</c> or <c>PARKED</c>.</summary>
    public required string Health { get; init; }

    /// <summary>The newest row; null before the first.</summary>
    public RowDocument? Row { get; init; }

    /// <summary>Feeds by name.</summary>
    public IReadOnlyDictionary<string, FeedDocument> Feeds { get; init; } = new Dictionary<string, FeedDocument>();

    /// <summary>Events applied.</summary>
    public long Events { get; init; }

    /// <summary>Known messages that were dropped.</summary>
    public long Duplicates { get; init; }

    /// <summary>Books replaced by newer ones before they were read.</summary>
    public long Conflated { get; init; }

    /// <summary>Messages refused as broken.</summary>
    public long Rejected { get; init; }

    /// <summary>Restarts of its actor.</summary>
    public int Restarts { get; init; }
}

/// <summary>A row, under the names of its CSV columns.</summary>
internal sealed record RowDocument
{
    /// <summary>Tick time.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>Contracts.</summary>
    public double? Oi { get; init; }

    /// <summary>Percent.</summary>
    public double? OiPct { get; init; }

    /// <summary>Fraction per interval.</summary>
    public double? Funding { get; init; }

    /// <summary>Fraction.</summary>
    public double? Basis { get; init; }

    /// <summary>USD.</summary>
    public double? LiqLongUsd { get; init; }

    /// <summary>USD.</summary>
    public double? LiqShortUsd { get; init; }

    /// <summary>−1…1.</summary>
    public double? LiqRatio { get; init; }

    /// <summary>0…1.</summary>
    public double? ObiTop { get; init; }

    /// <summary>Milliseconds.</summary>
    public double? LatencyMs { get; init; }

    /// <summary><c>feed:reason</c>, separated by <c>;</c>.</summary>
    public string SourceErrors { get; init; } = "";
}

/// <summary>One feed of a symbol.</summary>
/// <param name="State"><c>OK</c>, <c>STALE</c>, <c>DOWN</c> or <c>OFF</c>.</param>
/// <param name="Connected">True when its stream is open, or its last poll was answered.</param>
/// <param name="LastMsgAgeMs">Age of the newest value; null when there was none.</param>
/// <param name="ErrorCount">Errors and rejects since the start.</param>
internal sealed record FeedDocument(string State, bool Connected, long? LastMsgAgeMs, long ErrorCount);

/// <summary>One stream connection.</summary>
internal sealed record StreamDocument(
    string Name, string Path, bool Connected, int Streams, long Frames, long? LastFrameAgeMs, int Reconnects,
    string? LastError);

/// <summary>The REST side.</summary>
internal sealed record RestDocument
{
    /// <summary>Weight used in the running UTC minute.</summary>
    public int UsedWeight { get; init; }

    /// <summary>The most that may be.</summary>
    public int WeightLimit { get; init; }

    /// <summary>Requests sent.</summary>
    public long Requests { get; init; }

    /// <summary>Requests without a usable answer.</summary>
    public long Failures { get; init; }

    /// <summary>All requests wait until then; null when none is held.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>True when a firewall or geo block refuses us.</summary>
    public bool Blocked { get; init; }

    /// <summary>The exchange's clock minus ours; null before it was measured.</summary>
    public double? ClockOffsetMs { get; init; }
}
