using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Parquet.Reading;
using Feeds.Storage;
using Feeds.Storage.Sinks;
using Feeds.Tests.Storage.Files;
using Xunit;

namespace Feeds.Tests.Storage.Sinks;

/// <summary>Feature rows to write, and what a reader of the files sees.</summary>
internal static class FeatureRows
{
    public static TickRows Row(string symbol, int tick)
    {
        FeedRow feed = Rows.Row(symbol, tick);
        double[] values = new double[FeatureCatalogue.Golden.Columns.Count];
        Random random = new((tick * 1000) + symbol.Length);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.Next(4) == 0 ? double.NaN : random.Next(2) == 0
                ? random.NextDouble() - 0.5 : random.Next(50) / 4.0;
        }

        return new TickRows(feed, new FeatureRow(feed.TickTime, feed.Symbol, values));
    }

    public static IReadOnlyList<TickRows> Tick(int tick, params string[] symbols) =>
        [.. symbols.Select(symbol => Row(symbol, tick))];

    /// <summary>Every row of every file that the documented glob finds, in the order of hours and files.</summary>
    public static IReadOnlyList<FeatureRow> Read(CrashFileSystem files, string folder)
    {
        FeatureRowFolder table = new(folder, files, NoStorageEvents.Instance);
        List<FeatureRow> rows = [];
        foreach (string path in table.Hours().SelectMany(hour => files.List(table.FolderOf(hour))))
        {
            if (path.EndsWith(".parquet", StringComparison.Ordinal))
            {
                using ParquetFileReader file = ParquetFileReader.Open(files.Content(path), path);
                rows.AddRange(file.RowGroups.SelectMany(Read));
            }
        }

        return rows;
    }

    /// <summary>Compares what the files hold with what was written: every row once, every value bit for bit.</summary>
    public static void AssertHeld(IEnumerable<TickRows> written, IReadOnlyList<FeatureRow> held)
    {
        Dictionary<(long, Symbol), FeatureRow> found = held.ToDictionary(row => (row.Time, row.Symbol));
        TickRows[] expected = [.. written];
        Assert.Equal(expected.Length, found.Count);
        foreach (TickRows row in expected)
        {
            Assert.True(row.Features!.Values.SequenceEqual(found[(row.Feed.TickTime, row.Feed.Symbol)].Values));
        }
    }

    private static IEnumerable<FeatureRow> Read(ParquetRowGroup group)
    {
        int rows = (int)group.RowCount;
        long[] times = new long[rows];
        string[] symbols = new string[rows];
        group.Read("time", times.AsSpan());
        group.Read("symbol", symbols.AsSpan());
        double[][] values = new double[rows][];
        for (int i = 0; i < rows; i++)
        {
            values[i] = new double[FeatureCatalogue.Golden.Columns.Count];
        }

        double[] column = new double[rows];
        for (int c = 0; c < FeatureCatalogue.Golden.Columns.Count; c++)
        {
            group.Read(FeatureCatalogue.Golden.Columns[c], column.AsSpan());
            for (int i = 0; i < rows; i++)
            {
                values[i][c] = column[i];
            }
        }

        return Enumerable.Range(0, rows).Select(i => new FeatureRow(times[i], Symbol.Parse(symbols[i]), values[i]));
    }
}
