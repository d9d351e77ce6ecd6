namespace Feeds.Commands.Verification;

/// <summary>A stretch in which the journal says that a feed was not received.</summary>
/// <param name="AfterKey">
/// The largest key that the journal held when it began; what lies after it may be missing.
/// </param>
/// <param name="UntilTime">
/// When the feed was received again, epoch ms; <see cref="long.MaxValue"/> when it never was.
/// </param>
internal readonly record struct FeedBreak(long AfterKey, long UntilTime);
