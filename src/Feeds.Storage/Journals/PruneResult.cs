namespace Feeds.Storage.Journals;

/// <summary>What pruning a journal did.</summary>
/// <param name="Segments">Segments that were deleted.</param>
/// <param name="Bytes">Bytes that they had.</param>
/// <param name="KeptBecauseNeeded">
/// Why a segment that the limits say should go was kept: the limit; null when the limits are met.
/// </param>
public sealed record PruneResult(int Segments, long Bytes, string? KeptBecauseNeeded);
