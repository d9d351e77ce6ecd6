using System.Globalization;
using System.IO.Compression;
using Feeds.Core.Market;
using Xunit;

namespace Feeds.Tests.Core.Catalogue;

/// <summary>Recorded and expected tables, where the machine has them, as events of the fold.</summary>
internal static class RecordedHistory
{
    /// <summary>
    /// Returns the lines of a table as cells by column name; skips the test where the data is absent.
    /// </summary>
    public static IEnumerable<Dictionary<string, string>> Read(params string[] parts)
    {
        string path = Path.Combine([Folder(), .. parts]);
        Assert.SkipUnless(File.Exists(path), $"recorded data is absent: {string.Join('/', parts)}");
        return Lines(path);
    }

    public static IEnumerable<Bar> Bars(string file)
    {
        foreach (Dictionary<string, string> row in Read("klines_1m", file))
        {
            long open = long.TryParse(row["open_time"], CultureInfo.InvariantCulture, out long ms)
                ? ms : Time(row["open_time"]);
            yield return new Bar(
                open, Bar.Minute, Number(row["open"]), Number(row["high"]), Number(row["low"]), Number(row["close"]),
                Number(row["volume"]),
                Number(row.GetValueOrDefault("quote_volume", "0")),
                Number(row.GetValueOrDefault("taker_buy_volume", "0")),
                Number(row.GetValueOrDefault("taker_buy_quote_volume", "0")),
                int.Parse(row.GetValueOrDefault("count", "0"), CultureInfo.InvariantCulture));
        }
    }

    public static decimal Number(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    public static double Value(string text) =>
        text.Length == 0 ? double.NaN : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    public static long Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            .ToUnixTimeMilliseconds();

    private static IEnumerable<Dictionary<string, string>> Lines(string path)
    {
        using Stream file = File.OpenRead(path);
        using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionMode.Decompress) : file;
        using StreamReader reader = new(plain);
        string[] header = reader.ReadLine()!.Split(',');
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            Dictionary<string, string> row = new(StringComparer.Ordinal);
            for (int i = 0; i < header.Length; i++)
            {
                row[header[i]] = cells[i];
            }

            yield return row;
        }
    }

    private static string Folder()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Feeds.sln")))
        {
            folder = folder.Parent;
        }

        return folder is null ? string.Empty : Path.Combine(folder.FullName, "..", "shared", "data");
    }
}
