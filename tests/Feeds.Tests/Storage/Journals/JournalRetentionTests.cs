using Feeds.Core.Market;
using Feeds.Storage.Journals;
using Feeds.Tests.Storage.Files;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Storage.Journals;

public sealed class JournalRetentionTests
{
    private const string Folder = "/data/journal";
    private const long Day = 86_400_000;

    private readonly ManualTimeProvider _clock = new();
    private readonly CrashFileSystem _files = new();
    private readonly StorageNotes _notes = new();
    private readonly JournalOptions _options = new()
    {
        Folder = Folder,
        SegmentAge = TimeSpan.FromHours(1),
        MinFreeBytes = 0
    };

    [Fact]
    public void Segments_older_than_the_days_go_and_younger_ones_stay()
    {
        WriteHours(10);
        long now = Now() + (7 * Day) - (4 * 3_600_000);
        PruneResult result = Prune(_options, now, long.MaxValue);
        Assert.Equal(5, result.Segments);
        Assert.Null(result.KeptBecauseNeeded);
        Assert.Equal(5, JournalCollector.Read(new JournalReader(Folder, _files, _notes)).Count);
        Assert.Equal(0, Prune(_options, now, long.MaxValue).Segments);
    }

    [Fact]
    public void The_oldest_go_when_all_are_too_large()
    {
        WriteHours(10);
        long each = _files.LengthOf(_files.List(Folder)[0]);
        PruneResult result = Prune(_options with { KeepBytes = (each * 6) + 1 }, Now(), long.MaxValue);
        Assert.Equal(4, result.Segments);
        Assert.Equal(4 * each, result.Bytes);
    }

    [Fact]
    public void The_oldest_go_when_the_disk_is_nearly_full()
    {
        WriteHours(10);
        _files.Room = 1_000;
        Assert.Equal(9, Prune(_options with { MinFreeBytes = 2_000 }, Now(), long.MaxValue).Segments);
    }

    [Fact]
    public void What_a_snapshot_or_a_sink_still_needs_stays()
    {
        WriteHours(10);
        PruneResult result = Prune(_options, Now() + (30 * Day), 3);
        Assert.Equal(3, result.Segments);
        Assert.Equal("older than 7 days", result.KeptBecauseNeeded);
        Assert.Equal(0, Prune(_options, Now() + (30 * Day), 0).Segments);
    }

    [Fact]
    public void Nothing_is_unneeded_before_a_snapshot_that_every_sink_has_reached()
    {
        using JournalWriter writer = JournalWriter.Open(_options, _clock, _files, _notes);
        LiveRun run = new(writer, 1, "A", "B");
        run.Run(1_000);
        SnapshotStore snapshots = new(Folder, _files, _notes);
        Assert.Equal(0, snapshots.NotNeededUpTo(_ => long.MaxValue));
        long position = writer.Position;
        run.Snapshot(snapshots, 1);
        long tick = run.State("A").LastTickTime;
        run.Run(1_000);
        Assert.Equal(position, snapshots.NotNeededUpTo(_ => long.MaxValue));
        Assert.Equal(0, snapshots.NotNeededUpTo(symbol => symbol.Text == "A" ? tick - 1 : long.MaxValue));
    }

    [Fact]
    public void What_is_needed_is_only_asked_for_when_something_is_to_go()
    {
        WriteHours(3);
        int asked = 0;
        long Needed()
        {
            asked++;
            return long.MaxValue;
        }

        Assert.Equal(0, new JournalRetention(_options, _files, _notes).Prune(Now(), Needed).Segments);
        Assert.Equal(0, asked);
        Assert.Equal(
            2, new JournalRetention(_options with { KeepBytes = 1 }, _files, _notes).Prune(Now(), Needed).Segments);
        Assert.Equal(1, asked);
    }

    [Fact]
    public void Only_the_newest_snapshots_are_kept()
    {
        using JournalWriter writer = JournalWriter.Open(_options, _clock, _files, _notes);
        LiveRun run = new(writer, 1, "A");
        SnapshotStore snapshots = new(Folder, _files, _notes);
        for (int time = 1; time <= 7; time++)
        {
            run.Run(10);
            run.Snapshot(snapshots, time);
        }

        Assert.Equal(4, _files.List(Folder).Count(path => path.EndsWith(".snapshot", StringComparison.Ordinal)));
    }

    private void WriteHours(int hours)
    {
        using JournalWriter writer = JournalWriter.Open(_options, _clock, _files, _notes);
        SymbolJournal journal = writer.For(Symbol.Parse("A"), 0);
        for (int hour = 1; hour <= hours; hour++)
        {
            journal.Append(hour, MarketEvent.ForTick(hour, 1));
            writer.Flush();
            _clock.Advance(TimeSpan.FromHours(1));
        }
    }

    private long Now() => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    private PruneResult Prune(JournalOptions options, long now, long notNeededUpTo) =>
        new JournalRetention(options, _files, _notes).Prune(now, () => notNeededUpTo);
}
