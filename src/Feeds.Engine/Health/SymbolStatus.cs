using Feeds.Core.Market;
using Feeds.Core.Symbols;

namespace Feeds.Engine.Health;

/// <summary>One symbol as of its newest tick.</summary>
/// <param name="Symbol">Which symbol.</param>
/// <param name="Health">How it stands.</param>
/// <param name="LastRow">The newest row; null before the first.</param>
/// <param name="Feeds">Its feeds.</param>
/// <param name="Sequence">Events applied.</param>
/// <param name="Duplicates">Messages dropped because they were known.</param>
/// <param name="Conflated">Books replaced by newer ones in the mailbox.</param>
/// <param name="Rejected">Messages refused as broken.</param>
/// <param name="Restarts">Restarts of its actor.</param>
public sealed record SymbolStatus(
    Symbol Symbol,
    SymbolHealth Health,
    FeedRow? LastRow,
    IReadOnlyList<FeedStatus> Feeds,
    long Sequence,
    long Duplicates,
    long Conflated,
    long Rejected,
    int Restarts);
