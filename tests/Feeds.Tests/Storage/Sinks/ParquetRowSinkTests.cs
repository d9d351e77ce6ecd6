using System.Globalization;
using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Parquet.Reading;
using Feeds.Storage;
using Feeds.Storage.Sinks;
using Feeds.Tests.Storage.Files;
using Xunit;

namespace Feeds.Tests.Storage.Sinks;

public sealed class ParquetRowSinkTests
{
    private const string Folder = "/lake";
    private const string Hour3 = "/lake/feature_row/date=2026-11-21/hour=03";
    private const string Hour4 = "/lake/feature_row/date=2026-11-21/hour=04";
    private const string FileName = "feature_row-v1.parquet";

    // Two ticks before and several after the begin of hour 4.
    private const int BeforeFour = 58;

    private readonly CrashFileSystem _files = new();
    private readonly StorageNotes _notes = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_hour_is_one_file_with_keys_version_and_every_column_of_the_catalogue()
    {
        TickRows[] rows = [.. Enumerable.Range(0, 5).SelectMany(tick => FeatureRows.Tick(tick, "BTCUSDT", "币安人生USDT"))];
        await using (ParquetRowSink sink = Open())
        {
            await WriteAsync(sink, rows);
        }

        Assert.Equal([Path.Combine(Hour3, FileName)], _files.List(Hour3));
        using ParquetFileReader file = ParquetFileReader.Open(_files.Content(Path.Combine(Hour3, FileName)));
        Assert.Equal(
            ["time", "symbol", "catalogue_version", .. FeatureCatalogue.Golden.Columns],
            file.Schema.Select(c => c.Name));
        Assert.Equal(
            FeatureCatalogue.Version.ToString(CultureInfo.InvariantCulture), file.FindMetadata("catalogue_version"));
        int[] versions = new int[rows.Length];
        file.RowGroups[0].Read("catalogue_version", versions.AsSpan());
        Assert.All(versions, version => Assert.Equal(FeatureCatalogue.Version, version));
        int unknown = rows.Count(row => double.IsNaN(row.Features!.Values[3]));
        Assert.Equal(unknown, file.RowGroups[0].Statistics(6).NullCount);
        FeatureRows.AssertHeld(rows, FeatureRows.Read(_files, Folder));
    }

    [Fact]
    public async Task A_row_is_durable_when_its_minute_is_published()
    {
        await using ParquetRowSink sink = Open();
        Symbol symbol = Symbol.Parse("BTCUSDT");
        // An empty table asks for no past.
        Assert.Equal(long.MaxValue, sink.DurableTick(symbol));
        await WriteAsync(sink, FeatureRows.Tick(0, "BTCUSDT"));
        Assert.Empty(FeatureRows.Read(_files, Folder));
        Assert.Equal(long.MaxValue, sink.DurableTick(symbol));
        await WriteAsync(sink, FeatureRows.Tick(1, "BTCUSDT"));
        Assert.Equal(2, FeatureRows.Read(_files, Folder).Count);
        Assert.Equal(Rows.FirstTick + 30_000, sink.DurableTick(symbol));
        Assert.Equal(0, sink.DurableTick(Symbol.Parse("NEWUSDT")));
        await WriteAsync(sink, FeatureRows.Tick(2, "BTCUSDT"));
        Assert.Equal(Rows.FirstTick + 30_000, sink.DurableTick(symbol));
    }

    [Fact]
    public async Task Rows_that_are_held_are_passed_over_also_after_a_restart_and_in_older_hours()
    {
        int[] ticks = [0, 1, 2, 150, 151, 290, 291, 410, 411];
        TickRows[] rows = [.. ticks.SelectMany(tick => FeatureRows.Tick(tick, "A", tick < 100 ? "GONE" : "B"))];
        await using (ParquetRowSink first = Open())
        {
            await WriteAsync(first, rows);
            await WriteAsync(first, rows);
            Assert.Equal(rows.Length, first.RowsHeld);
        }

        await using (ParquetRowSink second = Open())
        {
            Assert.Equal(rows[^1].Feed.TickTime, second.DurableTick(Symbol.Parse("A")));
            await WriteAsync(second, rows);
            await WriteAsync(second, FeatureRows.Tick(412, "A", "B"));
            Assert.Equal(rows.Length, second.RowsHeld);
        }

        FeatureRows.AssertHeld(rows.Concat(FeatureRows.Tick(412, "A", "B")), FeatureRows.Read(_files, Folder));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task A_file_published_many_times_equals_one_written_at_once(int groupRows)
    {
        TickRows[] rows = [.. Enumerable.Range(0, 20).SelectMany(tick => FeatureRows.Tick(tick, "A", "B", "C"))];
        await using (ParquetRowSink sink = Open(groupRows))
        {
            foreach (TickRows[] tick in rows.Chunk(3))
            {
                await WriteAsync(sink, tick);
            }
        }

        byte[] piecemeal = _files.Content(Path.Combine(Hour3, FileName));
        _files.Delete(Path.Combine(Hour3, FileName));
        await using (ParquetRowSink sink = Open(groupRows))
        {
            await sink.WriteAsync(rows, Token);
        }

        FeatureRows.AssertHeld(rows, FeatureRows.Read(_files, Folder));
        Assert.Equal(piecemeal, _files.Content(Path.Combine(Hour3, FileName)));
        using ParquetFileReader file = ParquetFileReader.Open(piecemeal);
        Assert.All(file.RowGroups.SkipLast(1), group => Assert.Equal(groupRows, group.RowCount));
    }

    [Fact]
    public async Task A_late_row_goes_into_the_file_of_its_hour()
    {
        await using (ParquetRowSink sink = Open())
        {
            await WriteAsync(sink, FeatureRows.Tick(BeforeFour, "A"));
            for (int tick = BeforeFour + 1; tick < BeforeFour + 6; tick++)
            {
                await WriteAsync(sink, FeatureRows.Tick(tick, "A"));
            }

            await WriteAsync(sink, FeatureRows.Tick(BeforeFour, "LATE"));
            await WriteAsync(sink, FeatureRows.Tick(BeforeFour + 6, "A", "LATE"));
        }

        Assert.Equal([Hour3, Hour4], _files.ListFolders(Path.GetDirectoryName(Hour3)!));
        using ParquetFileReader file = ParquetFileReader.Open(_files.Content(Path.Combine(Hour3, FileName)));
        Assert.Equal(3, file.RowCount);
        Assert.Equal(9, FeatureRows.Read(_files, Folder).DistinctBy(row => (row.Time, row.Symbol)).Count());
    }

    [Fact]
    public async Task Memory_is_bounded_when_rows_of_many_hours_come_at_once()
    {
        TickRows[] rows = [.. Enumerable.Range(0, 30).SelectMany(i => FeatureRows.Tick(i * 70, "A", "B"))];
        await using (ParquetRowSink sink = Open(groupRows: 10))
        {
            int atMost = 0;
            for (int i = 0; i < rows.Length; i++)
            {
                await sink.WriteAsync([rows[i]], Token);
                atMost = Math.Max(atMost, i + 1 - (int)sink.RowsWritten);
            }

            Assert.InRange(atMost, 1, 20);
        }

        FeatureRows.AssertHeld(rows, FeatureRows.Read(_files, Folder));
    }

    [Fact]
    public async Task Rows_without_features_hold_nothing_up()
    {
        await using ParquetRowSink sink = Open();
        await WriteAsync(sink, Rows.Tick(0, "A"));
        await WriteAsync(sink, Rows.Tick(1, "A"));
        Assert.Equal(Rows.FirstTick + 30_000, sink.DurableTick(Symbol.Parse("A")));
        Assert.Empty(FeatureRows.Read(_files, Folder));
    }

    [Fact]
    public async Task A_full_disk_loses_and_doubles_nothing()
    {
        TickRows[] rows = [.. Enumerable.Range(0, 8).SelectMany(tick => FeatureRows.Tick(tick, "A"))];
        await using (ParquetRowSink sink = Open())
        {
            await WriteAsync(sink, rows[..4]);
            _files.Room = 1000;
            await sink.WriteAsync(rows[4..6], Token);
            await Assert.ThrowsAsync<StorageException>(() => sink.SettleAsync(Token));
            // The disk stays full: the rows of the next tick are refused, and nothing of them is kept twice.
            await Assert.ThrowsAsync<StorageException>(async () => await sink.WriteAsync(rows[6..], Token));
            FeatureRows.AssertHeld(rows[..4], FeatureRows.Read(_files, Folder));
            _files.Room = long.MaxValue;
            await WriteAsync(sink, rows[6..]);
        }

        FeatureRows.AssertHeld(rows, FeatureRows.Read(_files, Folder));
        Assert.Single(_files.List(Hour3));
    }

    [Fact]
    public async Task A_disk_that_does_not_confirm_is_not_asked_again()
    {
        ParquetRowSink sink = Open();
        await WriteAsync(sink, FeatureRows.Tick(0, "A"));
        _files.Fault = (operation, path) =>
            operation == "flush" && path.EndsWith(".partial", StringComparison.Ordinal) ? new IOException("EIO") : null;
        await sink.WriteAsync(FeatureRows.Tick(1, "A"), Token);
        await Assert.ThrowsAsync<StorageSuspectException>(() => sink.SettleAsync(Token));
        _files.Fault = (_, _) => null;
        await Assert.ThrowsAsync<StorageSuspectException>(
            async () => await sink.WriteAsync(FeatureRows.Tick(2, "A"), Token));
        await sink.DisposeAsync();
        Assert.Empty(FeatureRows.Read(_files, Folder));
    }

    [Fact]
    public async Task What_a_crash_left_half_written_is_removed_and_a_damaged_file_put_aside()
    {
        await using (ParquetRowSink sink = Open())
        {
            await WriteAsync(sink, FeatureRows.Tick(BeforeFour, "A"));
            await WriteAsync(sink, FeatureRows.Tick(BeforeFour + 2, "A"));
        }

        byte[] content = _files.Content(Path.Combine(Hour4, FileName));
        _files.Put(Path.Combine(Hour4, FileName), content[..^1]);
        _files.Put(Path.Combine(Hour3, FileName + ".partial"), content[..100]);
        await using (ParquetRowSink sink = Open())
        {
            Assert.Equal(Rows.FirstTick + (BeforeFour * 30_000L), sink.DurableTick(Symbol.Parse("A")));
            await WriteAsync(sink, FeatureRows.Tick(BeforeFour + 2, "A"));
        }

        Assert.Equal([Path.Combine(Hour3, FileName + ".partial")], _notes.Removals);
        Assert.Equal(Path.Combine(Hour4, FileName), Assert.Single(_notes.Damages).Path);
        Assert.Contains(Path.Combine(Hour4, FileName + ".damaged"), _files.List(Hour4));
        FeatureRows.AssertHeld(
            [.. FeatureRows.Tick(BeforeFour, "A"), .. FeatureRows.Tick(BeforeFour + 2, "A")],
            FeatureRows.Read(_files, Folder));
    }

    [Fact]
    public async Task Rows_of_another_version_of_the_catalogue_count_as_held_and_are_left_alone()
    {
        await using (ParquetRowSink sink = Open())
        {
            await WriteAsync(sink, FeatureRows.Tick(0, "A"));
        }

        string older = Path.Combine(Hour3, "feature_row-v0.parquet");
        byte[] content = _files.Content(Path.Combine(Hour3, FileName));
        _files.Move(Path.Combine(Hour3, FileName), older);
        await using (ParquetRowSink sink = Open())
        {
            await WriteAsync(sink, FeatureRows.Tick(0, "A"));
            await WriteAsync(sink, FeatureRows.Tick(1, "A"));
        }

        Assert.Equal(content, _files.Content(older));
        FeatureRows.AssertHeld(
            [.. FeatureRows.Tick(0, "A"), .. FeatureRows.Tick(1, "A")], FeatureRows.Read(_files, Folder));
    }

    [Fact]
    public async Task A_second_writer_is_kept_out()
    {
        await using ParquetRowSink sink = Open();
        Assert.Throws<StorageLockedException>(() => Open());
    }

    private ParquetRowSink Open(int groupRows = 1000) =>
        ParquetRowSink.Open(
            new ParquetRowSinkOptions { Path = Folder, TickMs = 30_000, GroupRows = groupRows }, _files, _notes);

    private static async Task WriteAsync(ParquetRowSink sink, IReadOnlyList<TickRows> rows)
    {
        await sink.WriteAsync(rows, Token);
        await sink.SettleAsync(Token);
    }
}
