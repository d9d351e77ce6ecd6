using Feeds.Configuration;
using Feeds.Terminal;

namespace Feeds.Hosting;

/// <summary>Sees before anything starts that folders can be written to; what it made for that it takes back on failure.</summary>
internal static class DataFolder
{
    /// <summary>Makes the folder of a key if need be and tries to write there.</summary>
    /// <exception cref="ConfigurationException">It cannot be written to; nothing was left behind.</exception>
    public static void Prepare(string key, string path)
    {
        List<string> made = [];
        try
        {
            for (string? at = Path.GetFullPath(path); at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at)) made.Add(at);
            Directory.CreateDirectory(path);
            string probe = Path.Combine(path, $".probe-{Environment.ProcessId}");
            using FileStream stream = new(probe, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            foreach (string folder in made.Where(Directory.Exists)) Directory.Delete(folder);
            throw new ConfigurationException($"{key} = {PlainText.Of(path)}: cannot be written to: {PlainText.Of(e.Message)}");
        }
    }
}
