using System.Collections;
using System.Collections.Immutable;

namespace Feeds.Configuration;

/// <summary>
/// Where a configuration comes from: a file, then the environment, then the command line; the later wins.
/// </summary>
internal sealed record ConfigSources
{
    /// <summary>The file that was named; null to look for <see cref="FileNames"/>.</summary>
    public string? File { get; init; }

    /// <summary>The environment; empty for none.</summary>
    public IDictionary Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Keys from the command line, with the option that gave them; the last of a key wins.</summary>
    public IReadOnlyList<ConfigOverride> Overrides { get; init; } = [];

    /// <summary>The folder in which a file is looked for; empty for the working folder, null for not looking.</summary>
    public string? Folder { get; init; } = "";

    /// <summary>What is looked for, the first that exists.</summary>
    public static IReadOnlyList<string> FileNames { get; } = ["config/feeds.yaml", "feeds.yaml"];
}

/// <summary>A key's value from the command line.</summary>
/// <param name="Key">The key's path.</param>
/// <param name="Value">The text.</param>
/// <param name="Option">The option that gave it, such as <c>--interval</c>.</param>
internal sealed record ConfigOverride(string Key, string Value, string Option);
