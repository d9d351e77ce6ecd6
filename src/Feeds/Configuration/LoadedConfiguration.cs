namespace Feeds.Configuration;

/// <summary>A configuration that may be used.</summary>
/// <param name="Options">The values.</param>
/// <param name="File">The file that was read; null when there was none.</param>
/// <param name="Origins">Where each key's value was written; keys that stand at their defaults are absent.</param>
internal sealed record LoadedConfiguration(
    FeedsOptions Options, string? File, IReadOnlyDictionary<string, string> Origins);
