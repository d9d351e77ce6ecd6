using System.Text;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage;
using Feeds.Storage.Sinks;
using Feeds.Tests.Storage.Files;
using Xunit;

namespace Feeds.Tests.Storage.Sinks;

public sealed class CsvRowSinkTests : IDisposable
{
    private const string MemoryPath = "/rows/feeds_log.csv";

    private readonly TemporaryFolder _folder = new();
    private readonly StorageNotes _notes = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rows_come_after_the_header_in_the_order_they_were_written()
    {
        await using (CsvRowSink sink = Open())
        {
            await sink.WriteAsync(Rows.Tick(0, "BTCUSDT", "币安人生USDT"), default);
            await sink.WriteAsync(Rows.Tick(1, "BTCUSDT"), default);
            Assert.Equal(Rows.FirstTick + 30_000, sink.DurableTick(Symbol.Parse("BTCUSDT")));
            Assert.Equal(Rows.FirstTick, sink.DurableTick(Symbol.Parse("币安人生USDT")));
            Assert.Equal(0, sink.DurableTick(Symbol.Parse("ETHUSDT")));
        }

        Assert.Equal(
            [
                FeedRowCsv.Header, FeedRowCsv.ToLine(Rows.Row("BTCUSDT", 0)),
                FeedRowCsv.ToLine(Rows.Row("币安人生USDT", 0)),
                FeedRowCsv.ToLine(Rows.Row("BTCUSDT", 1)),
            ],
            await File.ReadAllLinesAsync(_folder.At("feeds_log.csv")));
    }

    [Fact]
    public async Task No_row_appears_twice_after_a_restart()
    {
        await using (CsvRowSink sink = Open())
        {
            await sink.WriteAsync(Rows.Tick(0, "A", "B"), default);
            await sink.WriteAsync(Rows.Tick(1, "A"), default);
        }

        await using (CsvRowSink sink = Open())
        {
            await sink.WriteAsync(
                Rows.Of(Rows.Row("A", 0), Rows.Row("A", 1), Rows.Row("A", 2), Rows.Row("B", 0), Rows.Row("B", 1)),
                default);
            Assert.Equal(2, sink.RowsWritten);
            Assert.Equal(3, sink.RowsHeld);
        }

        AssertEachOnce(await File.ReadAllLinesAsync(_folder.At("feeds_log.csv")), 5);
    }

    [Fact]
    public async Task A_file_cut_at_any_byte_is_repaired_and_completed()
    {
        IReadOnlyList<TickRows> rows = Rows.Of(Rows.Row("A", 0), Rows.Row("币安", 0, "a,\"b"), Rows.Row("A", 1));
        CrashFileSystem files = new();
        await WriteAsync(files, rows);
        byte[] whole = files.Content(MemoryPath);
        for (int length = 0; length < whole.Length; length++)
        {
            files = new CrashFileSystem();
            files.Put(MemoryPath, whole[..length]);
            _notes.Cuts.Clear();
            await WriteAsync(files, rows);
            Assert.Equal(whole, files.Content(MemoryPath));
            bool torn = length > 0 && whole[length - 1] != '\n';
            Assert.Equal(torn ? 1 : 0, _notes.Cuts.Count);
            if (torn)
            {
                int start = Array.LastIndexOf(whole, (byte)'\n', length - 1) + 1;
                int record = Math.Max(1, whole.AsSpan(0, start).Count((byte)'\n'));
                Assert.Equal((MemoryPath, length - start, record), _notes.Cuts[0]);
            }
        }
    }

    [Fact]
    public async Task A_loss_of_power_at_any_step_loses_nothing_that_was_confirmed()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            CrashFileSystem files = new();
            int confirmed = -1;
            for (int life = 0; life < 4; life++)
            {
                int steps = random.Next(1, 60);
                files.Fault = (_, _) => --steps < 0 ? new IOException("the machine is off") : null;
                try
                {
                    CsvRowSink sink = CsvRowSink.Open(Memory(700), files, _notes);
                    for (int tick = Math.Max(0, confirmed); ; tick++)
                    {
                        await sink.WriteAsync(Rows.Tick(tick, "A", "B"), default);
                        confirmed = tick;
                    }
                }
                catch (StorageException)
                {
                    files.Fault = static (_, _) => null;
                    files.Crash(random);
                }
            }

            await WriteAsync(files, Rows.Tick(confirmed + 1, "A", "B"), 700);
            List<string> lines = [];
            foreach (string path in files.List("/rows").Where(path => path.EndsWith(".csv", StringComparison.Ordinal)))
            {
                string[] file = Encoding.UTF8.GetString(files.Content(path)).Split('\n');
                Assert.Equal(FeedRowCsv.Header, file[0]);
                Assert.Equal(string.Empty, file[^1]);
                lines.AddRange(file[1..^1]);
            }

            string[] expected = [.. Enumerable.Range(0, confirmed + 2).SelectMany(tick => Rows.Tick(tick, "A", "B"))
                .Select(static each => FeedRowCsv.ToLine(each.Feed))];
            Assert.Equal(expected.Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_full_disk_stops_it_and_room_lets_it_go_on()
    {
        CrashFileSystem files = new();
        CsvRowSink sink = CsvRowSink.Open(Memory(), files, _notes);
        for (int room = 0; room < 120; room++)
        {
            files.Room = room;
            StorageException full = await Assert.ThrowsAsync<StorageException>(
                async () => await sink.WriteAsync(Rows.Tick(room, "A", "B"), default));
            Assert.Contains("No space left", full.Message, StringComparison.Ordinal);
            Assert.Equal(MemoryPath, full.Path);
            files.Room = long.MaxValue;
            await sink.WriteAsync(Rows.Tick(room, "A", "B"), default);
        }

        AssertEachOnce(Encoding.UTF8.GetString(files.Content(MemoryPath)).TrimEnd('\n').Split('\n'), 240);
    }

    [Fact]
    public async Task A_disk_that_does_not_confirm_is_not_asked_again()
    {
        CrashFileSystem files = new();
        CsvRowSink sink = CsvRowSink.Open(Memory(), files, _notes);
        files.Fault = static (operation, _) => operation == "flush" ? new IOException("Input/output error") : null;
        await Assert.ThrowsAsync<StorageSuspectException>(
            async () => await sink.WriteAsync(Rows.Tick(0, "A"), default));
        Assert.Equal(0, sink.DurableTick(Symbol.Parse("A")));
        files.Fault = static (_, _) => null;
        int flushes = files.FlushCount;
        await Assert.ThrowsAsync<StorageSuspectException>(
            async () => await sink.WriteAsync(Rows.Tick(0, "A"), default));
        Assert.Equal(flushes, files.FlushCount);
    }

    [Fact]
    public async Task Files_are_put_away_by_size_with_the_header_at_the_head_of_each_and_no_row_lost()
    {
        await using (CsvRowSink sink = Open(1_000, keep: 3))
        {
            for (int tick = 0; tick < 40; tick++)
            {
                await sink.WriteAsync(Rows.Tick(tick, "A", "B"), default);
            }
        }

        string[] files = [.. Directory.GetFiles(_folder.Path, "*.csv").Order(StringComparer.Ordinal)];
        Assert.Equal(4, files.Length);
        Assert.Equal(_notes.Rotations.Count - 3, _notes.Removals.Count);
        int rows = 0;
        foreach (string file in files)
        {
            Assert.InRange(new FileInfo(file).Length, 1, 1_000);
            string[] lines = await File.ReadAllLinesAsync(file);
            Assert.Equal(FeedRowCsv.Header, lines[0]);
            Assert.All(lines[1..], line => Assert.Equal(12, FeedRowCsv.SplitCells(line).Count));
            rows += lines.Length - 1;
        }

        // What is kept ends with the newest rows, without a hole.
        string[] kept = [.. files.SelectMany(File.ReadAllLines).Where(line => line != FeedRowCsv.Header)];
        string[] all = [.. Enumerable.Range(0, 40).SelectMany(tick => Rows.Tick(tick, "A", "B")).Select(
            static each => FeedRowCsv.ToLine(each.Feed))];
        Assert.Equal(all[^rows..].Order(StringComparer.Ordinal), kept.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Files_are_put_away_by_day_also_over_a_restart()
    {
        const int nextDay = 2 * 60 * 21; // from 03:30 on, in ticks of 30 s
        CsvRowSinkOptions daily = new() { Path = _folder.At("feeds_log.csv"), Rotation = CsvRotation.Daily };
        await using (CsvRowSink sink = CsvRowSink.Open(daily, _notes))
        {
            await sink.WriteAsync(Rows.Of(Rows.Row("A", 0), Rows.Row("A", 1)), default);
        }

        await using (CsvRowSink sink = CsvRowSink.Open(daily, _notes))
        {
            await sink.WriteAsync(Rows.Of(Rows.Row("A", 2), Rows.Row("A", nextDay)), default);
        }

        Assert.Equal([_folder.At("feeds_log.20261121.csv")], _notes.Rotations);
        Assert.Equal(4, (await File.ReadAllLinesAsync(_notes.Rotations[0])).Length);
        Assert.Equal(2, (await File.ReadAllLinesAsync(daily.Path)).Length);
    }

    [Fact]
    public async Task A_symbol_that_only_older_files_know_is_not_written_twice()
    {
        await using (CsvRowSink sink = Open(600))
        {
            await sink.WriteAsync(Rows.Of(Rows.Row("OLD", 5)), default);
            for (int tick = 0; tick < 30; tick++)
            {
                await sink.WriteAsync(Rows.Tick(tick, "A"), default);
            }
        }

        await using (CsvRowSink sink = Open(600))
        {
            await sink.WriteAsync(Rows.Of(Rows.Row("OLD", 5), Rows.Row("OLD", 31)), default);
            Assert.Equal(1, sink.RowsHeld);
            Assert.Equal(1, sink.RowsWritten);
        }
    }

    [Fact]
    public async Task A_file_that_was_moved_away_or_emptied_is_begun_anew_and_no_row_is_lost()
    {
        await using CsvRowSink sink = Open();
        await sink.WriteAsync(Rows.Tick(0, "A"), default);
        File.Move(_folder.At("feeds_log.csv"), _folder.At("mine.csv"));
        await sink.WriteAsync(Rows.Tick(1, "A"), default);
        await File.WriteAllBytesAsync(_folder.At("feeds_log.csv"), []);
        await sink.WriteAsync(Rows.Of(Rows.Row("A", 1), Rows.Row("A", 2)), default);
        Assert.Equal(
            [FeedRowCsv.Header, FeedRowCsv.ToLine(Rows.Row("A", 2))],
            await File.ReadAllLinesAsync(_folder.At("feeds_log.csv")));
    }

    [Fact]
    public async Task A_folder_that_goes_and_comes_back_stops_it_only_for_that_time()
    {
        string folder = _folder.At("rows");
        await using CsvRowSink sink = CsvRowSink.Open(new() { Path = Path.Combine(folder, "feeds_log.csv") }, _notes);
        await sink.WriteAsync(Rows.Tick(0, "A"), default);
        Directory.Delete(folder, recursive: true);
        await File.WriteAllTextAsync(folder, "a file in its place");
        await Assert.ThrowsAsync<StorageException>(async () => await sink.WriteAsync(Rows.Tick(1, "A"), default));
        File.Delete(folder);
        await sink.WriteAsync(Rows.Tick(1, "A"), default);
        Assert.Equal(2, (await File.ReadAllLinesAsync(Path.Combine(folder, "feeds_log.csv"))).Length);
    }

    [Fact]
    public async Task A_second_writer_is_refused_and_told_why()
    {
        await using CsvRowSink first = Open();
        StorageLockedException refused = Assert.Throws<StorageLockedException>(() => Open());
        Assert.Contains("another process", refused.Message, StringComparison.Ordinal);
        await first.DisposeAsync();
        await using CsvRowSink second = Open();
    }

    [Fact]
    public async Task A_file_of_another_kind_is_refused_and_left_alone()
    {
        await File.WriteAllTextAsync(_folder.At("feeds_log.csv"), "time,price\n1,2\n");
        StorageException refused = Assert.Throws<StorageException>(() => Open());
        Assert.Contains("header", refused.Message, StringComparison.Ordinal);
        Assert.Equal("time,price\n1,2\n", await File.ReadAllTextAsync(_folder.At("feeds_log.csv")));
    }

    [Fact]
    public async Task Foreign_lines_are_reported_and_left_and_zeros_at_the_end_are_cut()
    {
        string row = FeedRowCsv.ToLine(Rows.Row("A", 0));
        await File.WriteAllTextAsync(_folder.At("feeds_log.csv"), $"{FeedRowCsv.Header}\nmy note\n{row}\n\0\0\0\n\0\0");
        await using (CsvRowSink sink = Open())
        {
            await sink.WriteAsync(Rows.Of(Rows.Row("A", 0), Rows.Row("A", 1)), default);
        }

        Assert.Equal((_folder.At("feeds_log.csv"), FeedRowCsv.Header.Length + 1, 8), Assert.Single(_notes.Damages));
        Assert.Equal(6, Assert.Single(_notes.Cuts).Bytes);
        Assert.Equal(
            [FeedRowCsv.Header, "my note", row, FeedRowCsv.ToLine(Rows.Row("A", 1))],
            await File.ReadAllLinesAsync(_folder.At("feeds_log.csv")));
    }

    [Fact]
    public async Task A_reader_sees_whole_rows_while_it_writes()
    {
        await using CsvRowSink sink = Open(2_000);
        for (int tick = 0; tick < 50; tick++)
        {
            using FileStream reader = new(
                _folder.At("feeds_log.csv"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await sink.WriteAsync(Rows.Tick(tick, "A", "B", "C"), default);
            using StreamReader text = new(reader);
            string content = await text.ReadToEndAsync();
            Assert.EndsWith("\n", content, StringComparison.Ordinal);
            Assert.All(content.TrimEnd('\n').Split('\n'), line => Assert.Equal(12, FeedRowCsv.SplitCells(line).Count));
        }
    }

    private static void AssertEachOnce(string[] lines, int count)
    {
        Assert.Equal(count, lines.Length - 1);
        Assert.Equal(FeedRowCsv.Header, lines[0]);
        Assert.Equal(lines.Length, lines.Select(line => string.Join(',', line.Split(',').Take(2))).Distinct().Count());
    }

    private CsvRowSink Open(long rotateBytes = 200_000_000, int keep = 14) =>
        CsvRowSink.Open(
            new() { Path = _folder.At("feeds_log.csv"), RotateBytes = rotateBytes, KeepFiles = keep }, _notes);

    private static CsvRowSinkOptions Memory(long rotateBytes = 200_000_000) =>
        new() { Path = MemoryPath, RotateBytes = rotateBytes, KeepFiles = 1_000 };

    private async Task WriteAsync(CrashFileSystem files, IReadOnlyList<TickRows> rows, long rotateBytes = 200_000_000)
    {
        await using CsvRowSink sink = CsvRowSink.Open(Memory(rotateBytes), files, _notes);
        await sink.WriteAsync(rows, default);
    }
}
