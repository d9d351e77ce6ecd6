using Feeds.Core.Symbols;

namespace Feeds.Storage.Journals;

/// <summary>What the fold of a journal made of a tick.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Sequence">Sequence of the tick's event.</param>
/// <param name="IsWhole">
/// True when every event before it was folded; false behind a hole of the journal, where values may differ from what
/// was once written.
/// </param>
public sealed record FoldedTick(TickRows Rows, long Sequence, bool IsWhole);
