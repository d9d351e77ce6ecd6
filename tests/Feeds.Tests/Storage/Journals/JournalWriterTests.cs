using Feeds.Core;
using Feeds.Core.Market;
using Feeds.Storage;
using Feeds.Storage.Journals;
using Feeds.Tests.Storage.Files;
using Feeds.Tests.Time;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Storage.Journals;

public sealed class JournalWriterTests
{
    private const string Folder = "/data/journal";

    private readonly ManualTimeProvider _clock = new();
    private readonly StorageNotes _notes = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Events_of_every_kind_come_back_as_they_were(bool wild) =>
        Prop.ForAll<int>(seed =>
        {
            CrashFileSystem files = new();
            JournalScript script = new(seed, wild, "BTCUSDT", "币安人生USDT", "A");
            using (JournalWriter writer = Open(files, segmentBytes: 20_000))
            {
                script.Resume(writer);
                for (int flush = 0; flush < 8; flush++)
                {
                    script.Append(30);
                    writer.Flush();
                    Assert.Equal(writer.Position, writer.DurablePosition);
                }
            }

            AssertHolds(files, script);
            Assert.True(files.List(Folder).Count(path => path.EndsWith(".open", StringComparison.Ordinal)) > 1);
            Assert.Empty(_notes.Damages);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_is_durable_before_its_flush_and_all_of_it_after()
    {
        CrashFileSystem files = new();
        using JournalWriter writer = Open(files);
        SymbolJournal journal = writer.For(Symbol.Parse("A"), 0);
        long first = journal.Append(1, MarketEvent.ForTick(30_000, 30_001));
        Assert.Equal(1, first);
        Assert.Equal(0, writer.DurablePosition);
        Assert.Empty(JournalCollector.Read(Reader(files)).Events);
        int flushes = files.FlushCount;
        Assert.Equal(1, writer.Flush());
        Assert.Equal(1, JournalCollector.Read(Reader(files)).Count);
        journal.Append(2, MarketEvent.ForTick(60_000, 60_001));
        flushes = files.FlushCount;
        Assert.Equal(2, writer.Flush());
        Assert.Equal(flushes + 1, files.FlushCount);
        Assert.Equal(2, writer.Flush());
        Assert.Equal(flushes + 1, files.FlushCount);
    }

    [Fact]
    public void A_sequence_that_does_not_follow_is_refused_and_nothing_is_taken()
    {
        using JournalWriter writer = Open(new CrashFileSystem());
        SymbolJournal journal = writer.For(Symbol.Parse("A"), 41);
        Assert.Throws<FeedsException>(() => journal.Append(41, MarketEvent.ForTick(30_000, 30_001)));
        Assert.Throws<FeedsException>(() => journal.Append(43, MarketEvent.ForTick(30_000, 30_001)));
        Assert.Equal(0, writer.Position);
        journal.Append(42, MarketEvent.ForTick(30_000, 30_001));
        Assert.Equal(42, journal.LastSequence);
    }

    [Fact]
    public async Task Many_threads_append_and_flush_and_no_event_is_lost_or_doubled()
    {
        const int symbols = 6;
        const int events = 3_000;
        CrashFileSystem files = new();
        using (JournalWriter writer = Open(files))
        {
            await Task.WhenAll(Enumerable.Range(0, symbols).Select(number => Task.Run(() =>
            {
                SymbolJournal journal = writer.For(Symbol.Parse($"S{number}"), 0);
                for (int i = 1; i <= events; i++)
                {
                    long position = journal.Append(i, MarketEvent.ForTrade(i, i, i, i, number, 1, Side.Buy));
                    if (i % 500 == 0)
                    {
                        Assert.True(writer.Flush() >= position);
                    }
                }
            })));
        }

        JournalCollector read = JournalCollector.Read(Reader(files));
        Assert.Equal(symbols, read.Events.Count);
        Assert.All(read.Events.Values, all => Assert.Equal(Enumerable.Range(1, events).Select(i => (long)i), all.Keys));
    }

    [Fact]
    public void A_file_cut_at_any_byte_keeps_its_whole_frames_and_takes_more()
    {
        CrashFileSystem written = new();
        JournalScript script = new(11, false, "A", "B");
        List<(long Length, long Position)> frames = [];
        string path;
        using (JournalWriter writer = Open(written))
        {
            script.Resume(writer);
            for (int flush = 0; flush < 3; flush++)
            {
                script.Append(4);
                writer.Flush();
                path = written.List(Folder).Single(file => file.EndsWith(".open", StringComparison.Ordinal));
                frames.Add((written.LengthOf(path), writer.DurablePosition));
            }
        }

        path = written.List(Folder).Single(file => file.EndsWith(".open", StringComparison.Ordinal));
        byte[] whole = written.Content(path);
        for (int length = 0; length <= whole.Length; length++)
        {
            CrashFileSystem files = new();
            files.Put(path, whole[..length]);
            StorageNotes notes = new();
            (long goodLength, long position) = frames.LastOrDefault(
                frame => frame.Length <= length, (Math.Min(length, 64), 0));
            using (JournalWriter writer = JournalWriter.Open(
                new JournalOptions { Folder = Folder }, _clock, files, notes))
            {
                Assert.Equal(position, writer.Position);
                SymbolJournal more = writer.For(Symbol.Parse("C"), 0);
                Assert.Equal(position + 1, more.Append(1, MarketEvent.ForTick(30_000, 30_001)));
            }

            Assert.Empty(notes.Damages);
            if (goodLength == length)
            {
                Assert.Empty(notes.Cuts);
            }
            else
            {
                Assert.Equal(
                    (path, length - goodLength, frames.Count(frame => frame.Length <= length) + 1),
                    Assert.Single(notes.Cuts));
            }

            JournalCollector read = JournalCollector.Read(Reader(files, notes));
            Assert.Empty(notes.Damages);
            Assert.Equal(position + 1, read.Count);
            AssertPrefix(read, script, position);
        }
    }

    [Fact]
    public void Every_single_flipped_bit_is_found_and_no_wrong_event_is_read()
    {
        CrashFileSystem written = new();
        JournalScript script = new(12, false, "A", "B");
        using (JournalWriter writer = Open(written))
        {
            script.Resume(writer);
            for (int flush = 0; flush < 3; flush++)
            {
                script.Append(2, EventKind.Trade, EventKind.Quote, EventKind.Tick, EventKind.SourceError);
                writer.Flush();
            }
        }

        string path = written.List(Folder).Single(file => file.EndsWith(".open", StringComparison.Ordinal));
        byte[] bytes = written.Content(path);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            CrashFileSystem files = new();
            files.Put(path, [.. bytes]);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            StorageNotes notes = new();
            JournalCollector read;
            try
            {
                read = JournalCollector.Read(Reader(files, notes));
            }
            catch (JournalVersionException)
            {
                continue;
            }

            using (JournalWriter writer = JournalWriter.Open(
                new JournalOptions { Folder = Folder }, _clock, files, notes))
            {
            }

            Assert.True(notes.Damages.Count + notes.Cuts.Count > 0, $"bit {bit} was not found");

            // One frame at most is lost, the two others are there, and what is there is right.
            Assert.True(read.Count >= 4, $"bit {bit} cost {6 - read.Count} events");
            AssertPrefix(read, script, long.MaxValue);
        }
    }

    [Fact]
    public void A_loss_of_power_at_any_step_keeps_what_was_durable()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            CrashFileSystem files = new();
            JournalScript script = new(seed, false, "A", "B");
            for (int life = 0; life < 3; life++)
            {
                long durable = 0;
                int steps = random.Next(1, 50);
                files.Fault = (_, _) => --steps < 0 ? new IOException("the machine is off") : null;
                try
                {
                    JournalWriter writer = Open(files, 3_000);
                    script.Resume(writer);
                    while (true)
                    {
                        script.Append(random.Next(1, 4));
                        durable = writer.Flush();
                    }
                }
                catch (StorageException)
                {
                    files.Fault = static (_, _) => null;
                    files.Crash(random);
                }

                JournalCollector read = JournalCollector.Read(Reader(files));
                foreach ((Symbol symbol, List<string> events) in script.Written)
                {
                    int count = read.Events.TryGetValue(symbol, out SortedDictionary<long, string>? held)
                        ? held.Count : 0;
                    int confirmed = script.Positions.TryGetValue(symbol, out List<long>? positions)
                        ? positions.Count(position => position <= durable) : 0;
                    Assert.True(count >= confirmed, $"seed {seed}: {symbol} has {count} of {confirmed}");
                    Assert.Equal(events.Take(count), held?.Values ?? Enumerable.Empty<string>());

                    // What was lost was never called durable; the node goes on after what is there.
                    events.RemoveRange(count, events.Count - count);
                    positions?.RemoveRange(count, positions.Count - count);
                }
            }

            Assert.Empty(_notes.Damages);
        }
    }

    [Fact]
    public void A_full_disk_keeps_what_waits_and_room_lets_it_go_on()
    {
        CrashFileSystem files = new();
        JournalScript script = new(13, false, "A", "B");
        using JournalWriter writer = Open(files, 2_000);
        script.Resume(writer);
        for (int room = 0; room < 700; room += 7)
        {
            script.Append(3);
            long durable = writer.DurablePosition;
            files.Room = room;
            try
            {
                writer.Flush();
            }
            catch (StorageException e)
            {
                Assert.Contains("No space left", e.Message, StringComparison.Ordinal);
                Assert.Equal(durable, writer.DurablePosition);
            }

            files.Room = long.MaxValue;
            Assert.Equal(writer.Position, writer.Flush());
        }

        AssertHolds(files, script);
    }

    [Fact]
    public void A_disk_that_takes_nothing_bounds_the_memory()
    {
        CrashFileSystem files = new() { Room = 0 };
        using JournalWriter writer = JournalWriter.Open(
            new JournalOptions { Folder = Folder, MaxPendingBytes = 10_000 }, _clock, files, _notes);
        SymbolJournal journal = writer.For(Symbol.Parse("A"), 0);
        int taken = 0;
        void AppendUntilRefused()
        {
            while (true)
            {
                journal.Append(taken + 1, MarketEvent.ForTick(taken + 1, 1));
                taken++;
                if (taken % 50 == 0)
                {
                    Assert.Throws<StorageException>(() => writer.Flush());
                }
            }
        }

        StorageException refused = Assert.Throws<StorageException>(AppendUntilRefused);
        Assert.Contains("takes no more", refused.Message, StringComparison.Ordinal);
        Assert.InRange(writer.PendingBytes, 10_000, 10_200);
        files.Room = long.MaxValue;
        Assert.Equal(taken, writer.Flush());
        journal.Append(taken + 1, MarketEvent.ForTick(taken + 1, 1));
    }

    [Fact]
    public void A_disk_that_does_not_confirm_ends_the_journal_for_good()
    {
        CrashFileSystem files = new();
        using JournalWriter writer = Open(files);
        SymbolJournal journal = writer.For(Symbol.Parse("A"), 0);
        journal.Append(1, MarketEvent.ForTick(30_000, 30_001));
        writer.Flush();
        journal.Append(2, MarketEvent.ForTick(60_000, 60_001));
        files.Fault = static (operation, _) => operation == "flush" ? new IOException("Input/output error") : null;
        StorageSuspectException failed = Assert.Throws<StorageSuspectException>(() => writer.Flush());
        Assert.Contains("must end", failed.Message, StringComparison.Ordinal);
        files.Fault = static (_, _) => null;
        int flushes = files.FlushCount;
        Assert.True(writer.HasFailed);
        Assert.Throws<StorageSuspectException>(() => writer.Flush());
        Assert.Throws<StorageSuspectException>(() => journal.Append(3, MarketEvent.ForTick(90_000, 90_001)));
        Assert.Equal(1, writer.DurablePosition);
        Assert.Equal(flushes, files.FlushCount);
    }

    [Fact]
    public void A_segment_that_somebody_deleted_is_missed_at_the_next_flush()
    {
        using TemporaryFolder folder = new();
        using JournalWriter writer = JournalWriter.Open(
            new JournalOptions { Folder = folder.At("journal") }, _clock, _notes);
        SymbolJournal journal = writer.For(Symbol.Parse("A"), 0);
        journal.Append(1, MarketEvent.ForTick(30_000, 30_001));
        writer.Flush();
        Directory.Delete(folder.At("journal"), recursive: true);
        journal.Append(2, MarketEvent.ForTick(60_000, 60_001));
        writer.Flush();
        Assert.Single(_notes.Damages);
        Assert.Equal(
            2, Assert.Single(
                JournalCollector.Read(new JournalReader(folder.At("journal"))).Events.Values).Keys.Single());
    }

    [Fact]
    public void A_second_writer_is_refused_and_a_reader_is_not()
    {
        using TemporaryFolder folder = new();
        using JournalWriter writer = JournalWriter.Open(new JournalOptions { Folder = folder.Path }, _clock, _notes);
        writer.For(Symbol.Parse("A"), 0).Append(1, MarketEvent.ForTick(30_000, 30_001));
        writer.Flush();
        StorageLockedException refused = Assert.Throws<StorageLockedException>(
            () => JournalWriter.Open(new JournalOptions { Folder = folder.Path }, _clock, _notes));
        Assert.Contains("another process", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, JournalCollector.Read(new JournalReader(folder.Path)).Count);
    }

    private static void AssertHolds(CrashFileSystem files, JournalScript script)
    {
        JournalCollector read = JournalCollector.Read(Reader(files));
        foreach ((Symbol symbol, List<string> events) in script.Written)
        {
            Assert.Equal(
                events, read.Events.TryGetValue(symbol, out SortedDictionary<long, string>? held) ? held.Values : []);
        }
    }

    private static void AssertPrefix(JournalCollector read, JournalScript script, long position)
    {
        foreach ((Symbol symbol, List<string> events) in script.Written)
        {
            if (position < long.MaxValue)
            {
                Assert.Equal(
                    script.Positions.GetValueOrDefault(symbol, []).Count(p => p <= position),
                    read.Events.GetValueOrDefault(symbol)?.Count ?? 0);
            }

            foreach ((long sequence, string text) in read.Events.GetValueOrDefault(symbol) ?? [])
            {
                Assert.Equal(events[(int)sequence - 1], text);
            }
        }
    }

    private static JournalReader Reader(CrashFileSystem files, StorageNotes? notes = null) =>
        new(Folder, files, notes ?? (IStorageEvents)NoStorageEvents.Instance);

    private JournalWriter Open(CrashFileSystem files, long segmentBytes = 256 << 20) =>
        JournalWriter.Open(new JournalOptions { Folder = Folder, SegmentBytes = segmentBytes }, _clock, files, _notes);
}
