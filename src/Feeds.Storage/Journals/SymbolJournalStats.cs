using Feeds.Core.Market;

namespace Feeds.Storage.Journals;

/// <summary>What a journal holds of one symbol.</summary>
/// <param name="Symbol">Which.</param>
/// <param name="FirstSequence">The first sequence that it still holds.</param>
/// <param name="LastSequence">The last sequence.</param>
/// <param name="Events">How many events; fewer than the sequences span where something is missing.</param>
public sealed record SymbolJournalStats(Symbol Symbol, long FirstSequence, long LastSequence, long Events);
