namespace Feeds.Core.Symbols;

/// <summary>What a symbol's fold emits at a tick.</summary>
/// <param name="Feed">The 12-column row.</param>
/// <param name="Features">The golden vector; null while the settings have features off.</param>
public sealed record TickRows(FeedRow Feed, FeatureRow? Features);
