using System.Globalization;
using Feeds.Core.Catalogue;
using Feeds.Parquet;
using Feeds.Storage.Files;

namespace Feeds.Storage.Sinks;

/// <summary>
/// Where the files of live feature rows lie: <c>DIR/feature_row/date=2026-11-21/hour=03/feature_row-v1.parquet</c>, one
/// file for each hour (UTC) and version of the catalogue.
/// </summary>
internal sealed class FeatureRowFolder
{
    /// <summary>An hour in ms.</summary>
    public const long HourMs = 3_600_000;

    private const string DateKey = "date=";
    private const string HourKey = "hour=";
    private const string DateFormat = "yyyy-MM-dd";
    private const string Begin = FeatureRowTable.Name + "-v";
    private const string End = ".parquet";
    private const string TemporaryEnd = End + ".partial";

    private readonly IFileSystem _files;
    private readonly IStorageEvents _events;

    public FeatureRowFolder(string path, IFileSystem files, IStorageEvents events)
    {
        Root = Path.Combine(Path.GetFullPath(path), FeatureRowTable.Name);
        _files = files;
        _events = events;
    }

    /// <summary>The folder of the table.</summary>
    public string Root { get; }

    /// <summary>Returns the begin of the hour that an instant lies in, epoch ms.</summary>
    public static long HourOf(long time) => time - (time % HourMs);

    /// <summary>Returns the folder of an hour.</summary>
    public string FolderOf(long hour)
    {
        DateTime utc = DateTimeOffset.FromUnixTimeMilliseconds(hour).UtcDateTime;
        return Path.Combine(
            Root,
            DateKey + utc.ToString(DateFormat, CultureInfo.InvariantCulture),
            HourKey + utc.ToString("HH", CultureInfo.InvariantCulture));
    }

    /// <summary>Returns the file of an hour that this program writes.</summary>
    public string FileOf(long hour) =>
        Path.Combine(FolderOf(hour), Begin + FeatureCatalogue.Version.ToString(CultureInfo.InvariantCulture) + End);

    /// <summary>Returns the name under which a file is written until it is whole.</summary>
    public static string TemporaryOf(string path) => path + ".partial";

    /// <summary>Returns the hours that have a folder, ascending.</summary>
    public IReadOnlyList<long> Hours()
    {
        List<long> hours = [];
        foreach (string date in _files.ListFolders(Root))
        {
            if (!DateTime.TryParseExact(
                Path.GetFileName(date), $"'{DateKey}'{DateFormat}", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime day))
            {
                continue;
            }

            foreach (string folder in _files.ListFolders(date))
            {
                string name = Path.GetFileName(folder);
                if (name.StartsWith(HourKey, StringComparison.Ordinal)
                    && int.TryParse(
                        name[HourKey.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int hour)
                            && hour < 24)
                {
                    hours.Add(new DateTimeOffset(day).ToUnixTimeMilliseconds() + (hour * HourMs));
                }
            }
        }

        hours.Sort();
        return hours;
    }

    /// <summary>Returns the table's files of an hour, of every version.</summary>
    public IEnumerable<string> FilesOf(long hour) => Ours(hour, End);

    /// <summary>Deletes what an earlier process left half-written in an hour.</summary>
    public void Clean(long hour)
    {
        foreach (string path in Ours(hour, TemporaryEnd).ToArray())
        {
            _files.Delete(path);
            _events.Removed(path, "half-written by a process that ended; its rows come again");
        }
    }

    /// <summary>
    /// Reads which ticks an hour holds: the newest of each symbol goes to <paramref name="found"/>, by its text.
    /// </summary>
    public void ReadTicks(long hour, Action<string, long> found)
    {
        foreach (string path in FilesOf(hour).ToArray())
        {
            try
            {
                ReadTicks(path, found);
            }
            catch (ParquetException e)
            {
                // Not overwritten and not counted: its rows come again as far as the journal reaches.
                _files.Move(path, path + ".damaged");
                _events.Damaged(path, Math.Max(0, e.Offset), 0, $"{e.Message} It is kept as {path}.damaged.");
            }
        }
    }

    private void ReadTicks(string path, Action<string, long> found)
    {
        using FeatureRowFile file = new(_files, path);
        Dictionary<string, long> newest = new(StringComparer.Ordinal);
        file.ReadKeys((symbol, tick) => newest[symbol] = Math.Max(tick, newest.GetValueOrDefault(symbol)));
        foreach ((string symbol, long tick) in newest)
        {
            found(symbol, tick);
        }
    }

    private IEnumerable<string> Ours(long hour, string end) =>
        _files.List(FolderOf(hour)).Where(
            path => Path.GetFileName(path) is var name && name.StartsWith(Begin, StringComparison.Ordinal)
                && name.EndsWith(end, StringComparison.Ordinal));
}
