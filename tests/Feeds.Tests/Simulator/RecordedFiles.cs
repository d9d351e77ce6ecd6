using Xunit;

namespace Feeds.Tests.Simulator;

/// <summary>Where the recorded data lies; a test that needs it is skipped where it does not.</summary>
internal static class RecordedFiles
{
    public static string Find(string name)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Feeds.sln")))
        {
            folder = folder.Parent;
        }

        string path = Path.Combine(folder?.FullName ?? ".", "..", "shared", "data", name);
        if (!File.Exists(path))
        {
            Assert.Skip($"recorded file {name} is not here");
        }

        return path;
    }
}
