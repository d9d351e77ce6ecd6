using System.Globalization;
using Feeds.Storage.Files;

namespace Feeds.Storage.Sinks;

/// <summary>
/// The files that were put away beside a row file: <c>feeds_log.20261121T033000000Z.csv</c> by the tick of the last
/// row, or
/// <c>feeds_log.20261121.csv</c> by day, with <c>-2</c>, <c>-3</c> … where the name was taken.
/// </summary>
internal sealed class CsvArchive
{
    private const string StampFormat = "yyyyMMdd'T'HHmmssfff'Z'";
    private const string DayFormat = "yyyyMMdd";

    private readonly IFileSystem _files;
    private readonly string _folder;
    private readonly string _stem;
    private readonly string _extension;

    public CsvArchive(IFileSystem files, string path)
    {
        _files = files;
        _folder = Path.GetDirectoryName(path)!;
        _stem = Path.GetFileNameWithoutExtension(path) + '.';
        _extension = Path.GetExtension(path);
    }

    /// <summary>Returns the files, oldest first.</summary>
    public IReadOnlyList<string> Files() =>
        [.. _files.List(_folder).Select(path => (Path: path, Order: OrderOf(path))).Where(
            file => file.Order is not null)
            .OrderBy(file => file.Order!.Value.Stamp).ThenBy(file => file.Order!.Value.Number).Select(
                file => file.Path)];

    /// <summary>Returns a free name for a file whose last row is of <paramref name="lastTick"/>, epoch ms.</summary>
    public string NameFor(long lastTick, CsvRotation rotation)
    {
        string format = rotation == CsvRotation.Daily ? DayFormat : StampFormat;
        string stamp = DateTimeOffset.FromUnixTimeMilliseconds(lastTick).ToString(format, CultureInfo.InvariantCulture);
        string name = Path.Combine(_folder, $"{_stem}{stamp}{_extension}");
        for (int number = 2; _files.Exists(name); number++)
        {
            name = Path.Combine(
                _folder, string.Create(CultureInfo.InvariantCulture, $"{_stem}{stamp}-{number}{_extension}"));
        }

        return name;
    }

    // Null for a file that is none of ours: such a one is never counted and never deleted.
    private (DateTime Stamp, int Number)? OrderOf(string path)
    {
        string name = Path.GetFileName(path);
        if (!name.StartsWith(_stem, StringComparison.Ordinal) || !name.EndsWith(_extension, StringComparison.Ordinal)
            || name.Length <= _stem.Length + _extension.Length)
        {
            return null;
        }

        string[] parts = name[_stem.Length..^_extension.Length].Split('-');
        int number = 1;
        if (parts.Length > 2 || (parts.Length == 2
            && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out number)))
        {
            return null;
        }

        if (DateTime.TryParseExact(
            parts[0], StampFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime stamp))
        {
            return (stamp, number);
        }

        // A day's file ends with the day, after every stamp within it.
        return DateTime.TryParseExact(
            parts[0], DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime day)
            ? (day.AddDays(1).AddTicks(-1), number)
            : null;
    }
}
