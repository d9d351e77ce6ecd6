namespace Feeds.Core.Coverage;

/// <summary>A stretch of event time in which a feed was not observed.</summary>
/// <param name="FromTime">Start, epoch ms, exclusive.</param>
/// <param name="ToTime">End, epoch ms, inclusive.</param>
/// <param name="Reason">A word such as <c>disconnected</c>, <c>sequence</c>, <c>restarted</c>, <c>stale</c>.</param>
/// <param name="IsFilled">True when what was missed came later and counts: the stretch is covered after all.</param>
public readonly record struct CoverageHole(long FromTime, long ToTime, string Reason, bool IsFilled);
