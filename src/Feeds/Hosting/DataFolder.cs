using Feeds.Configuration;
using Feeds.Terminal;

namespace Feeds.Hosting;

/// <summary>
/// Sees before anything starts that folders can be written to; what it made for that it takes back on failure.
/// </summary>
internal static class DataFolder
{
    /// <summary>Makes the folders of some keys if need be and tries to write there.</summary>
    /// <exception cref="ConfigurationException">One cannot be written to; nothing was left behind.</exception>
    public static void Prepare(params IEnumerable<(string Key, string Path)> folders)
    {
        Stack<string> made = [];
        foreach ((string key, string path) in folders)
        {
            try
            {
                Make(Path.GetFullPath(path), made);
                string probe = Path.Combine(path, $".probe-{Environment.ProcessId}");
                using FileStream stream = new(
                    probe, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                while (made.TryPop(out string? folder)) Directory.Delete(folder);
                throw new ConfigurationException(
                    $"{key} = {PlainText.Of(path)}: cannot be written to: {PlainText.Of(e.Message)}");
            }
        }
    }

    private static void Make(string path, Stack<string> made)
    {
        if (Directory.Exists(path)) return;
        if (Path.GetDirectoryName(path) is { } parent) Make(parent, made);
        Directory.CreateDirectory(path);
        made.Push(path);
    }
}
