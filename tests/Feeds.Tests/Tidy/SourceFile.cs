namespace Feeds.Tests.Tidy;

/// <summary>One source of the house: its text, and the same text with comments and literals blanked out.</summary>
internal sealed class SourceFile
{
    public SourceFile(string path, string text)
    {
        Path = path;
        Text = text.ReplaceLineEndings("\n");
        Code = path.EndsWith(".cs", StringComparison.Ordinal) ? CodeBlanker.Blank(Text) : Text;
    }

    /// <summary>Relative to the root, with forward slashes.</summary>
    public string Path { get; }

    public string Text { get; }

    /// <summary>Of the same length as <see cref="Text"/>, with the same line ends.</summary>
    public string Code { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public bool IsCode => Path.EndsWith(".cs", StringComparison.Ordinal);

    public bool IsProject => Path.EndsWith(".csproj", StringComparison.Ordinal);

    public bool InSource => Path.StartsWith("src/", StringComparison.Ordinal);

    /// <summary>The project's name, for instance Feeds.Core; empty outside of src and tests.</summary>
    public string Room => Path.Split('/') is [_, var room, _, ..] ? room : "";

    /// <summary>Returns the one-based line of an offset.</summary>
    public int LineAt(int offset) => 1 + Text.AsSpan(0, offset).Count('\n');

    /// <summary>Returns all sources below the root that are written by hand.</summary>
    public static IReadOnlyList<SourceFile> ReadAll(string root)
    {
        var files = new[] { "src", "tests" }
            .Select(folder => System.IO.Path.Combine(root, folder))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs*", SearchOption.AllDirectories));
        return
        [
            .. from file in files
               let path = System.IO.Path.GetRelativePath(root, file).Replace('\\', '/')
               where path.EndsWith(".cs", StringComparison.Ordinal)
                   || path.EndsWith(".csproj", StringComparison.Ordinal)
               where !path.Contains("/bin/", StringComparison.Ordinal)
                   && !path.Contains("/obj/", StringComparison.Ordinal)
               orderby path
               select new SourceFile(path, File.ReadAllText(file)),
        ];
    }
}
