namespace Feeds.Configuration;

/// <summary>The section <c>feature_flags</c>.</summary>
internal sealed record FeatureFlagsOptions
{
    /// <summary>False: <c>feeds run</c> says so and ends with 0.</summary>
    public bool EnableDataFeeds { get; init; } = true;
}
