using System.Text.RegularExpressions;

namespace Feeds.Tests.Tidy;

/// <summary>
/// Length of files and lines, one public type a file, names of types, reasons beside what is switched off.
/// </summary>
internal static partial class Shape
{
    public const int MostLines = 400;
    public const int MostColumns = 120;

    // A text this long is found and read as it stands, and not cut for the sake of the line.
    private const int LongText = 60;

    public static IEnumerable<Finding> Check(SourceFile file)
    {
        if (!file.IsCode) return [];
        return [.. Lengths(file), .. Types(file), .. Pragmas(file), .. Benchmarks(file)];
    }

    private static IEnumerable<Finding> Lengths(SourceFile file)
    {
        var lines = file.Text.TrimEnd('\n').Split('\n');
        var code = file.Code.Split('\n');
        if (lines.Length > MostLines)
            yield return new Finding(
                file.Path, lines.Length, "file-length", $"{lines.Length} lines, at most {MostLines}: split it");
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length > MostColumns && !HoldsLongText(lines[i], code[i]))
                yield return new Finding(
                    file.Path, i + 1, "line-length", $"{lines[i].Length} columns, at most {MostColumns}: break it");
        }
    }

    // Literals and comments are blank in code; a comment can be broken anywhere.
    private static bool HoldsLongText(string line, string code) => Blank().Matches(code).Any(match =>
        line.Substring(match.Index, match.Length).Trim() is { Length: >= LongText } text
        && !text.StartsWith("//", StringComparison.Ordinal));

    private static IEnumerable<Finding> Types(SourceFile file)
    {
        var types = TopLevelType().Matches(file.Code);
        foreach (Match match in types)
        {
            if (BadEnding().IsMatch(match.Groups["name"].Value))
                yield return new Finding(
                    file.Path, file.LineAt(match.Index), "type-name",
                    $"{match.Groups["name"].Value}: nothing ends in Manager, Helper, Util, Info or Impl");
        }
        if (!file.InSource) yield break;
        var open = types.Where(static match => match.Groups["public"].Success).ToArray();
        foreach (var match in open.Skip(1))
            yield return new Finding(
                file.Path, file.LineAt(match.Index), "one-type",
                $"{match.Groups["name"].Value}: one public type a file");
        // A part of a type may say which part it is: Name.Part.cs.
        if (open is [var first, ..] && file.Name.Split('.')[0] != first.Groups["name"].Value)
            yield return new Finding(
                file.Path, file.LineAt(first.Index), "file-name",
                $"the file is not named after {first.Groups["name"].Value}");
    }

    private static IEnumerable<Finding> Pragmas(SourceFile file)
    {
        foreach (Match match in Pragma().Matches(file.Text))
        {
            var above = file.Text[..match.Index].TrimEnd('\n').Split('\n')[^1].TrimStart();
            if (!match.Value.Contains("//", StringComparison.Ordinal) && !IsComment(above))
                yield return new Finding(
                    file.Path, file.LineAt(match.Index), "pragma",
                    "a warning is switched off without a reason beside or above it");
        }
    }

    private static bool IsComment(string line) =>
        line.StartsWith("//", StringComparison.Ordinal) && !line.StartsWith("///", StringComparison.Ordinal);

    private static IEnumerable<Finding> Benchmarks(SourceFile file)
    {
        if (!file.Name.EndsWith("Benchmarks", StringComparison.Ordinal)) yield break;
        if (!file.Code.Contains("[MemoryDiagnoser", StringComparison.Ordinal))
            yield return new Finding(file.Path, 0, "benchmark", "no [MemoryDiagnoser]");
        if (!file.Code.Contains("Baseline = true", StringComparison.Ordinal))
            yield return new Finding(
                file.Path, 0, "benchmark", "no baseline: name one with [Benchmark(Baseline = true)]");
    }

    [GeneratedRegex(" {2,}")]
    private static partial Regex Blank();

    [GeneratedRegex(
        @"^(?<public>public )?(?:(?:public|internal|file|sealed|abstract|static|readonly|ref|partial|unsafe) )*" +
        @"(?:record struct|record class|record|class|struct|interface|enum|delegate [\w<>\[\],.? ]+?) (?<name>\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex("(Manager|Helpers?|Utils?|Info|Impl)$")]
    private static partial Regex BadEnding();

    [GeneratedRegex("^#pragma warning disable.*$", RegexOptions.Multiline)]
    private static partial Regex Pragma();
}
