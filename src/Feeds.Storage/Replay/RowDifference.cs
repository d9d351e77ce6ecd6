using Feeds.Core.Market;

namespace Feeds.Storage.Replay;

/// <summary>A row that the fold of the journal and the sink do not agree about.</summary>
/// <param name="Symbol">Whose.</param>
/// <param name="TickTime">Epoch ms.</param>
/// <param name="Column">
/// The first column that differs; <c>row</c> when one of them lacks the row or the sink has it twice.
/// </param>
/// <param name="Replayed">What the fold gives; empty when it gives no such row.</param>
/// <param name="Stored">What the sink holds; empty when it holds no such row.</param>
/// <param name="Place">File and byte of the sink's row; empty when it holds none.</param>
public sealed record RowDifference(
    Symbol Symbol, long TickTime, string Column, string Replayed, string Stored, string Place);
