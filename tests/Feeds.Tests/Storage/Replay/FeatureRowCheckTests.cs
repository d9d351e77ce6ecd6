using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Parquet.Writing;
using Feeds.Storage;
using Feeds.Storage.Journals;
using Feeds.Storage.Replay;
using Feeds.Storage.Sinks;
using Feeds.Tests.Storage.Files;
using Feeds.Tests.Storage.Sinks;
using Xunit;

namespace Feeds.Tests.Storage.Replay;

public sealed class FeatureRowCheckTests
{
    private const string Folder = "/lake";
    private const string File = "/lake/feature_row/date=2026-11-21/hour=03/feature_row-v1.parquet";

    // Over the end of an hour.
    private static readonly TickRows[] Stored = [.. Enumerable.Range(55, 12).SelectMany(
        tick => FeatureRows.Tick(tick, "A", "B"))];

    private readonly CrashFileSystem _files = new();

    [Fact]
    public async Task The_same_rows_are_identical()
    {
        await StoreAsync(Stored);
        RowVerification result = Check(Stored);
        Assert.True(result.IsIdentical);
        Assert.Equal(Stored.Length, result.Identical);
    }

    [Fact]
    public async Task The_first_cell_that_differs_is_named()
    {
        await StoreAsync(Stored);
        TickRows[] replayed = [.. Stored.Select((row, i) => i is 5 or 17 ? Changed(row, 7, 0.125) : row)];
        RowVerification result = Check(replayed);
        Assert.Equal((Stored.Length - 2, 2), (result.Identical, result.Different));
        Assert.Equal((Stored[5].Feed.TickTime, "B"), (result.First!.TickTime, result.First.Symbol.Text));
        Assert.Equal(FeatureCatalogue.Golden.Columns[7], result.First.Column);
        Assert.Equal("0.125", result.First.Replayed);
        Assert.Equal($"{File} row 5", result.First.Place);
    }

    [Fact]
    public async Task A_row_that_only_one_of_them_has_is_a_difference()
    {
        await StoreAsync([.. Stored.Where((_, i) => i != 8)]);
        RowVerification lacking = Check(Stored);
        Assert.Equal((Stored.Length - 1, 1), (lacking.Identical, lacking.Different));
        Assert.Equal((Stored[8].Feed.TickTime, string.Empty), (lacking.First!.TickTime, lacking.First.Stored));

        RowVerification invented = Check(Stored.Where((_, i) => i is not (8 or 13)));
        Assert.Equal((Stored.Length - 2, 1), (invented.Identical, invented.Different));
        Assert.Equal((Stored[13].Feed.TickTime, string.Empty), (invented.First!.TickTime, invented.First.Replayed));
    }

    [Fact]
    public async Task Rows_outside_of_what_both_hold_are_no_difference()
    {
        await StoreAsync(Stored[4..^4]);
        RowVerification result = Check(Stored[8..]);
        Assert.Equal((Stored.Length - 12, 0, 4), (result.Identical, result.Different, result.BeforeJournal));

        // What was not asked for is neither.
        RowVerification part = Check(Stored[8..], (symbol, _) => symbol.Text == "A");
        Assert.Equal((0, 2), (part.Different, part.BeforeJournal));
    }

    [Fact]
    public async Task Rows_behind_a_hole_and_of_another_version_are_not_judged()
    {
        await StoreAsync(Stored[..^2]);
        RowVerification hole = Check(
            Stored[..^2].Select((row, i) => i > 3 ? Changed(row, 0, 1) : row), isWhole: i => i < 4);
        Assert.Equal((4, 0, Stored.Length - 6), (hole.Identical, hole.Different, hole.Unjudged));

        _files.Put("/lake/feature_row/date=2026-11-21/hour=04/feature_row-v0.parquet", OlderVersion(Stored[^2..]));
        RowVerification older = Check(Stored.Select((row, i) => i >= Stored.Length - 2 ? Changed(row, 0, 1) : row));
        Assert.Equal((Stored.Length - 2, 0, 2), (older.Identical, older.Different, older.Unjudged));
        Assert.False(older.IsIdentical);
    }

    [Fact]
    public async Task A_row_that_is_there_twice_is_a_difference()
    {
        await StoreAsync(Stored);
        _files.Put(File.Replace("-v1", "-v2", StringComparison.Ordinal), _files.Content(File));
        RowVerification result = Check(Stored);
        Assert.Equal(10, result.Different);
        Assert.Equal(Stored.Length, result.Identical);
    }

    private async Task StoreAsync(TickRows[] rows)
    {
        await using ParquetRowSink sink = ParquetRowSink.Open(
            new ParquetRowSinkOptions { Path = Folder, TickMs = 30_000 }, _files, NoStorageEvents.Instance);
        await sink.WriteAsync(rows, TestContext.Current.CancellationToken);
    }

    private RowVerification Check(
        IEnumerable<TickRows> replayed, Func<Symbol, long, bool>? wants = null, Func<int, bool>? isWhole = null)
    {
        FeatureRowCheck check = new(Folder, wants ?? ((_, _) => true), _files);
        int i = 0;
        foreach (TickRows row in replayed)
        {
            check.Take(new FoldedTick(row, i + 1, isWhole?.Invoke(i) ?? true));
            i++;
        }

        return check.Finish();
    }

    private static TickRows Changed(TickRows row, int column, double value)
    {
        double[] values = row.Features!.Values.ToArray();
        values[column] = value;
        return row with { Features = new FeatureRow(row.Feed.TickTime, row.Feed.Symbol, values) };
    }

    private static byte[] OlderVersion(TickRows[] rows)
    {
        using MemoryStream stream = new();
        using ParquetFileWriter writer = ParquetFileWriter.Create(stream, FeatureRowTable.Schema);
        writer.AddMetadata("catalogue_version", "0");
        FeatureRowTable.WriteGroup(writer, [.. rows.Select(row => row.Features!)]);
        writer.Finish();
        return stream.ToArray();
    }
}
