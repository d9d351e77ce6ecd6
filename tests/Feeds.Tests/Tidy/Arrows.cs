using System.Text.RegularExpressions;

namespace Feeds.Tests.Tidy;

/// <summary>Which room may use which: the arrows of the design, in project references and in usings.</summary>
internal static partial class Arrows
{
    private static readonly Dictionary<string, string[]> Used = new(StringComparer.Ordinal)
    {
        ["Feeds.Core"] = [],
        ["Feeds.Actors"] = [],
        ["Feeds.Parquet"] = [],
        ["Feeds.Binance"] = ["Feeds.Core"],
        ["Feeds.Simulator"] = ["Feeds.Core"],
        ["Feeds.Storage"] = ["Feeds.Core", "Feeds.Parquet"],
        ["Feeds.Engine"] = ["Feeds.Actors", "Feeds.Binance", "Feeds.Core", "Feeds.Storage"],
        ["Feeds.History"] = ["Feeds.Binance", "Feeds.Core", "Feeds.Storage"],
        ["Feeds"] =
        [
            "Feeds.Actors", "Feeds.Binance", "Feeds.Core", "Feeds.Engine", "Feeds.History", "Feeds.Simulator",
            "Feeds.Storage",
        ],
    };

    private static readonly string[] Bare = ["Feeds.Core", "Feeds.Actors", "Feeds.Parquet"];

    public static IEnumerable<Finding> Check(SourceFile file)
    {
        if (!file.InSource) return [];
        if (!Used.TryGetValue(file.Room, out var used))
        {
            var what = $"{file.Room} is no room of the design: add it there and to its arrows";
            return [new Finding(file.Path, 0, "arrow", what)];
        }
        return file.IsProject ? CheckProject(file, used) : CheckUsings(file, used);
    }

    private static IEnumerable<Finding> CheckProject(SourceFile file, string[] used)
    {
        foreach (Match match in ProjectReference().Matches(file.Text))
        {
            var target = Path.GetFileNameWithoutExtension(match.Groups[1].Value.Replace('\\', '/'));
            if (!used.Contains(target))
                yield return new Finding(
                    file.Path, file.LineAt(match.Index), "arrow", $"{file.Room} must not reference {target}");
        }
        if (!Bare.Contains(file.Room)) yield break;
        foreach (Match match in OtherReference().Matches(file.Text))
            yield return new Finding(
                file.Path, file.LineAt(match.Index), "package",
                $"{file.Room} has the base class library only: no {match.Value}");
    }

    private static IEnumerable<Finding> CheckUsings(SourceFile file, string[] used)
    {
        foreach (Match match in Using().Matches(file.Code))
        {
            var room = match.Groups[1].Value;
            // The program's own namespaces begin like the rooms do: Feeds.Commands is no room.
            if (Used.ContainsKey(room) && room != file.Room && !used.Contains(room))
                yield return new Finding(
                    file.Path, file.LineAt(match.Index), "arrow", $"{file.Room} must not use {room}");
        }
    }

    [GeneratedRegex(@"<ProjectReference\s+Include=""([^""]+)""")]
    private static partial Regex ProjectReference();

    [GeneratedRegex("PackageReference|FrameworkReference")]
    private static partial Regex OtherReference();

    [GeneratedRegex(@"^(?:global )?using (?:static )?(?:\w+ = )?(Feeds\.\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();
}
