using Feeds.Core.Market;
using Feeds.Storage.Files;

namespace Feeds.Storage.Sinks;

/// <summary>How far a row file got, read without a lock: for tools that look at a node's folder from outside.</summary>
public static class CsvDurableTicks
{
    /// <summary>
    /// Returns the newest tick (epoch ms) of each symbol in the row file and those put away beside it; none without a
    /// file.
    /// </summary>
    /// <exception cref="StorageException">A file cannot be read.</exception>
    public static IReadOnlyDictionary<Symbol, long> Read(string path)
    {
        string full = Path.GetFullPath(path);
        Dictionary<string, long> ticks = new(StringComparer.Ordinal);
        try
        {
            foreach (string name in new CsvArchive(DiskFileSystem.Instance, full).Files().Append(full).Where(
                File.Exists))
            {
                using IStoredFile file = DiskFileSystem.Instance.OpenRead(name);
                CsvFileScan.Read(file, ticks);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(full, $"the rows in {full} cannot be read: {e.Message}", e);
        }

        Dictionary<Symbol, long> known = [];
        foreach ((string text, long tick) in ticks)
        {
            if (Symbol.TryParse(text, out Symbol? symbol))
            {
                known.Add(symbol, tick);
            }
        }

        return known;
    }
}
