namespace Feeds.Engine.Health;

/// <summary>
/// What a node counted since its start, over all symbols and connections, those included that are gone.
/// </summary>
public sealed record NodeCounters
{
    /// <summary>Nothing yet.</summary>
    public static NodeCounters None { get; } = new();

    /// <summary>Events applied, by feed.</summary>
    public IReadOnlyDictionary<string, long> Messages { get; init; } = new Dictionary<string, long>();

    /// <summary>Gaps that were declared, as what is missing cannot be had again; by feed.</summary>
    public IReadOnlyDictionary<string, long> Gaps { get; init; } = new Dictionary<string, long>();

    /// <summary>Messages refused by the fold as broken, by reason.</summary>
    public IReadOnlyDictionary<string, long> Rejected { get; init; } = new Dictionary<string, long>();

    /// <summary>Frames that could not be decoded, by reason.</summary>
    public IReadOnlyDictionary<string, long> Malformed { get; init; } = new Dictionary<string, long>();

    /// <summary>Frames whose decoding was timed: one in 64.</summary>
    public long DecodeSampled { get; init; }

    /// <summary>How long decoding those took, seconds.</summary>
    public double DecodeSeconds { get; init; }

    /// <summary>Trade ids that are known to be missing now.</summary>
    public long MissingTrades { get; init; }

    /// <summary>Bytes of the journal made durable.</summary>
    public long JournalBytes { get; init; }

    /// <summary>Bytes of events that wait to become durable.</summary>
    public long JournalPendingBytes { get; init; }

    /// <summary>
    /// Rows that the database did not take, by why: <c>held</c> already, <c>conflict</c>, <c>fenced</c>, <c>dead</c>.
    /// </summary>
    public IReadOnlyDictionary<string, long> RowsNotWritten { get; init; } = new Dictionary<string, long>();

    /// <summary>Changes of symbol leases, by what happened: <c>taken</c>, <c>handed_over</c>, <c>lost</c>.</summary>
    public IReadOnlyDictionary<string, long> LeaseChanges { get; init; } = new Dictionary<string, long>();

    /// <summary>Messages that were not delivered, because their actor was stopped, parked or full.</summary>
    public long DeadLetters { get; init; }
}
