using System.Globalization;
using Feeds.Core.Catalogue;
using Feeds.Core.Symbols;
using Feeds.Simulator;
using Feeds.Storage.Journals;
using Feeds.System.Tests.Program;
using Xunit;

namespace Feeds.System.Tests.Parquet;

/// <summary>The table of feature rows that a real node writes, read by DuckDB as a user reads it.</summary>
public sealed class FeatureRowTableTests
{
    private const string Symbols = "BTCUSDT,ETHUSDT,币安人生USDT";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task DuckDB_finds_every_row_of_the_journal_once_although_the_node_was_killed()
    {
        await DuckDb.RequireAsync();
        using TemporaryFolder folder = new();
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { Seed = 7, Symbols = Symbols.Split(',') }, TimeProvider.System);
        Dictionary<string, string> environment = new()
        {
            ["FEEDS__EXCHANGE__REST_URL"] = venue.RestUrl,
            ["FEEDS__EXCHANGE__STREAM_URL"] = venue.StreamUrl,
            ["FEEDS__DATA_FEEDS__SYMBOLS"] = $"[{Symbols}]",
            ["FEEDS__DATA_FEEDS__INTERVAL_SEC"] = "1",
            ["FEEDS__DATA_FEEDS__SINKS__PARQUET_PATH"] = "lake",
            ["FEEDS__HTTP__BIND"] = "127.0.0.1:0",
        };

        // A stop makes the table begin; what the killed node did not publish has to come from the journal.
        foreach (int signal in new[] { FeedsProgram.SigTerm, 9, FeedsProgram.SigTerm })
        {
            await using FeedsProgram node = FeedsProgram.Start(folder.Path, environment, "run");
            int wanted = CsvRows(folder) + 12;
            await UntilAsync(() => CsvRows(folder) >= wanted, () => node.Errors);
            node.Signal(signal);
            int code = await node.EndAsync();
            Assert.True(signal == 9 || code == 0, node.Errors);
        }

        SortedDictionary<(long, string), FeatureRow> expected = Fold(folder.File("data/journal"));
        await DuckDb.RunAsync("lake", folder.File("lake"));
        Compare(DuckDb.Load(folder.File("lake/lake.json")), expected);
        DuckDb.Dump hours = DuckDb.Load(folder.File("lake/hours.json"));
        Assert.Equal(["date", "hour", "rows", "keys", "elsewhere"], hours.Names);
        Assert.Equal(expected.Count, hours.Columns[2].Sum(text => int.Parse(text!, CultureInfo.InvariantCulture)));
        Assert.Equal(hours.Columns[2], hours.Columns[3]);
        Assert.All(hours.Columns[4], text => Assert.Equal("0", text));
        Assert.Empty(Directory.GetFiles(folder.File("lake"), "*.partial", SearchOption.AllDirectories));

        (int verified, string output, string errors) = await FeedsProgram.RunAsync(
            folder.Path, "replay", "--verify", "--parquet", "lake");
        Assert.Equal((0, string.Empty), (verified, errors));
        Assert.Contains($"feature rows: identical: {expected.Count} rows", output, StringComparison.Ordinal);
    }

    private static void Compare(DuckDb.Dump dump, SortedDictionary<(long, string), FeatureRow> expected)
    {
        Assert.Equal(
            ["time", "symbol", "catalogue_version", .. FeatureCatalogue.Golden.Columns, "date", "hour"], dump.Names);
        Assert.Equal(expected.Count, dump.Rows);
        int at = 0;
        foreach (((long time, string symbol), FeatureRow row) in expected)
        {
            Assert.Equal((time * 1000).ToString(CultureInfo.InvariantCulture), dump.Columns[0][at]);
            Assert.Equal(symbol, dump.Columns[1][at]);
            Assert.Equal(FeatureCatalogue.Version.ToString(CultureInfo.InvariantCulture), dump.Columns[2][at]);
            for (int i = 0; i < row.Values.Length; i++)
            {
                string? value = double.IsNaN(row.Values[i]) ? null : CanonicalColumn.Text(row.Values[i]);
                Assert.True(
                    value == dump.Columns[3 + i][at],
                    $"{symbol} {time} {dump.Names[3 + i]}: {value} became {dump.Columns[3 + i][at]}");
            }

            at++;
        }
    }

    // What the journal says, from its beginning: the table began with the node that made the journal.
    private static SortedDictionary<(long, string), FeatureRow> Fold(string journal)
    {
        SortedDictionary<(long, string), FeatureRow> rows = new(Comparer<(long Time, string Symbol)>.Create((a, b) =>
            a.Time != b.Time ? a.Time.CompareTo(b.Time) : string.CompareOrdinal(a.Symbol, b.Symbol)));
        new JournalFold(journal).Run(
            new FoldOptions { UseSnapshots = false },
            tick => rows.Add((tick.Rows.Feed.TickTime, tick.Rows.Feed.Symbol.Text), tick.Rows.Features!));
        return rows;
    }

    private static int CsvRows(TemporaryFolder folder)
    {
        string path = folder.File("data/feeds_log.csv");
        if (!File.Exists(path)) return 0;
        using StreamReader reader = new(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Count(c => c == '\n');
    }

    private static async Task UntilAsync(Func<bool> condition, Func<string> errors)
    {
        using CancellationTokenSource patience = new(Patience);
        while (!condition())
        {
            if (patience.IsCancellationRequested) Assert.Fail(errors());
            await Task.Delay(50, CancellationToken.None);
        }
    }
}
