using Feeds.Core.Market;

namespace Feeds.Engine.Health;

/// <summary>One feed of one symbol.</summary>
/// <param name="Feed">Which feed.</param>
/// <param name="State">How it stands.</param>
/// <param name="Connected">True when its stream is open, or its last poll was answered.</param>
/// <param name="LastMessageAgeMs">Age of the newest value by receive time in ms; null when there was none.</param>
/// <param name="ErrorCount">Errors and rejected messages since the start.</param>
public sealed record FeedStatus(Feed Feed, FeedState State, bool Connected, long? LastMessageAgeMs, long ErrorCount);
