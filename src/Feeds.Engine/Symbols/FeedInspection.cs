namespace Feeds.Engine.Symbols;

/// <summary>One feed of an inspected symbol.</summary>
/// <param name="AgeMs">Age of the newest event by receive time; null when there was none.</param>
/// <param name="Errors">Errors since the start.</param>
public sealed record FeedInspection(long? AgeMs, long Errors);
