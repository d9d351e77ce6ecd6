using Feeds.Core.Market;

namespace Feeds.Storage.Journals;

/// <summary>
/// Events of a symbol that the journal does not hold any more, though it holds later ones: damaged, or pruned.
/// </summary>
/// <param name="Symbol">Whose.</param>
/// <param name="FromSequence">First missing sequence.</param>
/// <param name="ToSequence">Last missing sequence.</param>
/// <param name="Time">Receive time of the first event behind the hole, epoch ms.</param>
public sealed record JournalHole(Symbol Symbol, long FromSequence, long ToSequence, long Time);
