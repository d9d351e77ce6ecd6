namespace Feeds.System.Tests.Program;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("feeds-system-").FullName;

    public string File(string name) => global::System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        global::System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    /// <summary>What lies in it, folders included, by relative path.</summary>
    public IReadOnlyList<string> Entries() =>
        [.. Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories)
        .Select(entry => global::System.IO.Path.GetRelativePath(Path, entry)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
