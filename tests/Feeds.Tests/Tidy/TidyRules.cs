namespace Feeds.Tests.Tidy;

/// <summary>All rules of the house that a reading of its sources can check.</summary>
internal static class TidyRules
{
    /// <summary>Returns what is not as it should be, in the order of the files.</summary>
    public static IReadOnlyList<Finding> Check(IReadOnlyList<SourceFile> files) =>
    [
        .. files.SelectMany(static file => (IEnumerable<Finding>)
            [.. Arrows.Check(file), .. BannedWords.Check(file), .. Shape.Check(file), .. MachinePaths(file)]),
        .. EventIds.Check(files),
    ];

    // The project speaks of itself alone: a folder of the machine it was written on means nothing elsewhere.
    private static IEnumerable<Finding> MachinePaths(SourceFile file)
    {
        foreach (var folder in new[] { "work", "tmp", "home" })
        {
            for (var at = Next(0); at >= 0; at = Next(at + 1))
                yield return new Finding(
                    file.Path, file.LineAt(at), "machine-path",
                    $"a path under /{folder}: use one relative to the root");

            int Next(int from) => file.Text.IndexOf($"\"/{folder}/", from, StringComparison.Ordinal);
        }
    }
}
