namespace Feeds.Core.Catalogue;

/// <summary>
/// How many closed bars of a length the golden vector needs before all of its features on them are known.
/// </summary>
/// <param name="LengthMs">Length of a bar, ms.</param>
/// <param name="Count">How many, at least 1.</param>
public sealed record BarNeed(int LengthMs, int Count);
