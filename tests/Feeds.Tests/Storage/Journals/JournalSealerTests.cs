using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage;
using Feeds.Storage.Journals;
using Feeds.Tests.Storage.Files;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Storage.Journals;

public sealed class JournalSealerTests
{
    private const string Folder = "/data/journal";

    private readonly ManualTimeProvider _clock = new();
    private readonly StorageNotes _notes = new();

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 300)]
    public void A_sealed_journal_reads_as_the_open_one_did(bool wild, int manyMore)
    {
        CrashFileSystem files = new();
        JournalScript script = new(
            1, wild, ["BTCUSDT", "币安人生USDT", "A", .. Enumerable.Range(0, manyMore).Select(static i => $"X{i}USDT")]);
        using JournalWriter writer = Open(files, 300_000);
        script.Resume(writer);
        for (int flush = 0; flush < 60; flush++)
        {
            script.Append(100);
            writer.Flush();
        }

        string before = Text(JournalCollector.Read(Reader(files)));
        int sealedCount = SealAll(files, writer);
        Assert.True(sealedCount > 3);
        Assert.Equal(sealedCount, files.List(Folder).Count(path => path.EndsWith(".sealed", StringComparison.Ordinal)));
        Assert.Single(files.List(Folder), path => path.EndsWith(".open", StringComparison.Ordinal));
        Assert.Equal(before, Text(JournalCollector.Read(Reader(files))));
        Assert.Empty(_notes.Damages);
        script.Append(10);
        writer.Flush();
        Assert.Equal(script.Written.Values.Sum(events => events.Count), JournalCollector.Read(Reader(files)).Count);
    }

    [Fact]
    public void The_fold_of_sealed_segments_gives_the_rows_of_the_run_on_any_number_of_cores()
    {
        CrashFileSystem files = new();
        using JournalWriter writer = Open(files, 100_000);
        LiveRun run = new(writer, 2, "BTCUSDT", "ETHUSDT", "DOGEUSDT");
        run.Run(3_000);
        SealAll(files, writer);
        foreach (int cores in (int[])[1, 2, 3])
        {
            List<FeedRow> rows = [];
            new JournalFold(Folder, files, _notes).Run(
                new FoldOptions { Cores = cores }, tick => rows.Add(tick.Rows.Feed));
            Assert.Equal(LiveRun.Lines(run.Rows.Values.SelectMany(list => list)), LiveRun.Lines(rows));
        }
    }

    [Fact]
    public void A_node_goes_on_after_sealed_segments_with_the_next_position()
    {
        CrashFileSystem files = new();
        JournalScript script = new(3, false, "A");
        long last;
        using (JournalWriter writer = Open(files))
        {
            script.Resume(writer);
            script.Append(50);
            last = writer.Flush();
        }

        Assert.True(new JournalSealer(Folder, null, files, _notes).SealNext());
        using JournalWriter next = Open(files);
        Assert.Equal(last, next.Position);
        script.Resume(next);
        script.Append(1);
        Assert.Equal(last + 1, next.Flush());
    }

    [Fact]
    public void A_loss_of_power_while_sealing_loses_nothing()
    {
        for (int seed = 0; seed < 150; seed++)
        {
            Random random = new(seed);
            CrashFileSystem files = new();
            JournalScript script = new(seed, false, "A", "B");
            using (JournalWriter writer = Open(files, 2_000))
            {
                script.Resume(writer);
                for (int flush = 0; flush < 6; flush++)
                {
                    script.Append(5);
                    writer.Flush();
                }
            }

            string before = Text(JournalCollector.Read(Reader(files)));
            int steps = random.Next(1, 80);
            files.Fault = (_, _) => --steps < 0 ? new IOException("the machine is off") : null;
            try
            {
                SealAll(files, null);
            }
            catch (StorageException)
            {
            }

            files.Fault = static (_, _) => null;
            files.Crash(random);
            Assert.Equal(before, Text(JournalCollector.Read(Reader(files))));
            using (JournalWriter writer = Open(files))
            {
                Assert.Equal(30, writer.Position);
            }

            SealAll(files, null);
            Assert.Equal(before, Text(JournalCollector.Read(Reader(files))));
            Assert.DoesNotContain(files.List(Folder), path => path.EndsWith(".tmp", StringComparison.Ordinal));
            Assert.Empty(_notes.Damages);
        }
    }

    [Fact]
    public void Every_flipped_bit_of_a_sealed_segment_is_found_and_no_wrong_event_is_read()
    {
        CrashFileSystem written = new();
        JournalScript script = new(4, false, "A", "B");
        using (JournalWriter writer = Open(written))
        {
            script.Resume(writer);
            script.Append(6, EventKind.Trade, EventKind.Tick, EventKind.Quote);
            writer.Flush();
        }

        SealAll(written, null);
        string path = written.List(Folder).Single(file => file.EndsWith(".sealed", StringComparison.Ordinal));
        byte[] bytes = written.Content(path);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            CrashFileSystem files = new();
            files.Put(path, [.. bytes]);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            StorageNotes notes = new();
            try
            {
                JournalCollector read = JournalCollector.Read(Reader(files, notes));
                Assert.True(notes.Damages.Count > 0, $"bit {bit} was not found");
                foreach ((Symbol symbol, SortedDictionary<long, string> events) in read.Events)
                {
                    Assert.All(events, e => Assert.Equal(script.Written[symbol][(int)e.Key - 1], e.Value));
                }

                // At most one of the two blocks is lost.
                Assert.NotEmpty(read.Events);
            }
            catch (JournalVersionException)
            {
                // A version that is not ours is refused as such; the checksum of the header would have found it as
                // well.
            }
        }
    }

    [Fact]
    public void A_damaged_open_segment_is_sealed_without_the_damage_and_kept()
    {
        CrashFileSystem files = new();
        JournalScript script = new(5, false, "A");
        using (JournalWriter writer = Open(files))
        {
            script.Resume(writer);
            for (int flush = 0; flush < 3; flush++)
            {
                script.Append(5);
                writer.Flush();
            }
        }

        string path = files.List(Folder).Single(file => file.EndsWith(".open", StringComparison.Ordinal));
        byte[] bytes = files.Content(path);
        bytes[bytes.Length / 2] ^= 4;
        files.Put(path, bytes);
        SealAll(files, null);
        Assert.Equal(bytes, files.Content(Path.ChangeExtension(path, ".damaged")));
        Assert.False(files.Exists(path));
        Assert.Equal(10, JournalCollector.Read(Reader(files)).Count);
        Assert.NotEmpty(_notes.Damages);
    }

    [Fact]
    public void A_reader_that_listed_the_open_segment_finds_the_sealed_one()
    {
        CrashFileSystem files = new();
        JournalScript script = new(6, false, "A");
        using (JournalWriter writer = Open(files))
        {
            script.Resume(writer);
            script.Append(20);
            writer.Flush();
        }

        bool isSealed = false;
        files.Fault = (operation, path) =>
        {
            if (operation == "open" && path.EndsWith(".open", StringComparison.Ordinal) && !isSealed)
            {
                isSealed = true;
                SealAll(files, null);
            }

            return null;
        };
        Assert.Equal(20, JournalCollector.Read(Reader(files)).Count);
        Assert.True(isSealed);
    }

    private static string Text(JournalCollector read) => string.Join(
        '\n', read.Events.OrderBy(symbol => symbol.Key).SelectMany(
            symbol => symbol.Value.Select(e => $"{symbol.Key} {e.Key} {e.Value}")));

    private int SealAll(CrashFileSystem files, JournalWriter? writer)
    {
        JournalSealer sealer = new(Folder, writer, files, _notes);
        int count = 0;
        while (sealer.SealNext())
        {
            count++;
        }

        return count;
    }

    private static JournalReader Reader(CrashFileSystem files, StorageNotes? notes = null) =>
        new(Folder, files, notes ?? (IStorageEvents)NoStorageEvents.Instance);

    private JournalWriter Open(CrashFileSystem files, long segmentBytes = 256 << 20) =>
        JournalWriter.Open(new JournalOptions { Folder = Folder, SegmentBytes = segmentBytes }, _clock, files, _notes);
}
