using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage;
using Feeds.Storage.Journals;
using Feeds.Storage.Sinks;
using Feeds.Tests.Core.Symbols;
using Feeds.Tests.Storage.Files;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Storage.Journals;

public sealed class JournalFoldTests
{
    private const string Folder = "/data/journal";

    private static readonly string[] Symbols = ["BTCUSDT", "ETHUSDT", "币安人生USDT", "DOGEUSDT", "XRPUSDT"];

    private readonly CrashFileSystem _files = new();
    private readonly StorageNotes _notes = new();
    private readonly ManualTimeProvider _clock = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void The_fold_of_the_journal_gives_the_rows_of_the_run(int cores)
    {
        using JournalWriter writer = Open();
        LiveRun run = new(writer, 1, Symbols);
        run.Run(2_000);
        List<FeedRow> rows = [];
        IReadOnlyDictionary<Symbol, FoldedSymbol> folded =
            Fold().Run(new FoldOptions { Cores = cores }, tick => rows.Add(tick.Rows.Feed));
        Assert.True(_files.List(Folder).Count(path => path.EndsWith(".open", StringComparison.Ordinal)) > 3, "several segments");
        Assert.Equal(LiveRun.Lines(run.Rows.Values.SelectMany(list => list)), rows.Select(FeedRowCsv.ToLine));
        foreach (string symbol in Symbols)
        {
            Assert.Equal(StateFingerprint.Of(run.State(symbol)), StateFingerprint.Of(folded[Symbol.Parse(symbol)].State));
            Assert.True(folded[Symbol.Parse(symbol)].IsWhole);
        }
    }

    [Fact]
    public void Both_roads_to_a_state_end_at_the_same_one()
    {
        using JournalWriter writer = Open();
        LiveRun run = new(writer, 2, Symbols);
        SnapshotStore snapshots = Snapshots();
        for (int part = 0; part < 4; part++)
        {
            run.Run(700);
            run.Snapshot(snapshots, part + 1);
        }

        run.Run(100);
        IReadOnlyDictionary<Symbol, FoldedSymbol> fast = Fold().Recover(run.Symbols, _ => long.MaxValue, _ => { });
        IReadOnlyDictionary<Symbol, FoldedSymbol> slow =
            Fold().Run(new FoldOptions { UseSnapshots = false }, _ => { });
        foreach (string text in Symbols)
        {
            Symbol symbol = Symbol.Parse(text);
            Assert.True(fast[symbol].EventCount < 200, $"{symbol} folded {fast[symbol].EventCount} events");
            Assert.True(fast[symbol].SnapshotSequence > 0);
            Assert.Equal(StateFingerprint.Of(slow[symbol].State), StateFingerprint.Of(fast[symbol].State));
            Assert.Equal(StateFingerprint.Of(run.State(text)), StateFingerprint.Of(fast[symbol].State));
        }
    }

    [Fact]
    public void Recovery_begins_where_the_slowest_sink_stands_and_gives_the_rows_that_it_lacks()
    {
        using JournalWriter writer = Open();
        LiveRun run = new(writer, 3, Symbols);
        SnapshotStore snapshots = Snapshots();
        for (int part = 0; part < 4; part++)
        {
            run.Run(500);
            run.Snapshot(snapshots, part + 1);
        }

        Symbol btc = Symbol.Parse("BTCUSDT");
        for (int held = 0; held <= run.Rows[btc].Count; held++)
        {
            long tick = held == 0 ? 0 : run.Rows[btc][held - 1].TickTime;
            List<FeedRow> rows = [];
            FoldedSymbol folded = Fold().Recover([btc], _ => tick, t => rows.Add(t.Rows.Feed))[btc];
            Assert.Equal(LiveRun.Lines(run.Rows[btc].Skip(held)), LiveRun.Lines(rows));
            Assert.Equal(StateFingerprint.Of(run.State("BTCUSDT")), StateFingerprint.Of(folded.State));
        }
    }

    [Fact]
    public void A_damaged_or_foreign_snapshot_is_passed_over()
    {
        using JournalWriter writer = Open();
        LiveRun run = new(writer, 4, "BTCUSDT");
        Symbol btc = Symbol.Parse("BTCUSDT");
        SnapshotStore snapshots = Snapshots();
        run.Run(300);
        run.Snapshot(snapshots, 1);
        long older = run.State("BTCUSDT").Sequence;
        run.Run(300);
        run.Snapshot(snapshots, 2);
        string newest = _files.List(Folder).Last(path => path.EndsWith(".snapshot", StringComparison.Ordinal));
        byte[] bytes = _files.Content(newest);
        for (int at = 0; at < bytes.Length; at += 13)
        {
            bytes[at] ^= 0x10;
            _files.Put(newest, [.. bytes]);
            bytes[at] ^= 0x10;
            FoldedSymbol folded = Fold().Recover([btc], _ => long.MaxValue, _ => { })[btc];
            Assert.Equal(StateFingerprint.Of(run.State("BTCUSDT")), StateFingerprint.Of(folded.State));
        }

        _files.Put(newest, bytes[..(bytes.Length / 2)]);
        Assert.Equal(older, Fold().Recover([btc], _ => long.MaxValue, _ => { })[btc].SnapshotSequence);
    }

    [Fact]
    public void A_snapshot_ahead_of_the_journal_is_passed_over()
    {
        using JournalWriter writer = Open();
        LiveRun run = new(writer, 5, "BTCUSDT");
        Symbol btc = Symbol.Parse("BTCUSDT");
        run.Run(300);
        SymbolSnapshot ahead = LiveRun.Saved(run.State("BTCUSDT")) with { Sequence = run.State("BTCUSDT").Sequence };
        string segment = _files.List(Folder).Single(path => path.EndsWith(".open", StringComparison.Ordinal));
        byte[] bytes = _files.Content(segment);
        Snapshots().Write(writer.Position, 1, [ahead]);
        Assert.Equal(ahead.Sequence, Fold().Recover([btc], _ => long.MaxValue, _ => { })[btc].SnapshotSequence);
        _files.Put(segment, bytes[..^10]);
        FoldedSymbol folded = Fold().Recover([btc], _ => long.MaxValue, _ => { })[btc];
        Assert.Equal(0, folded.SnapshotSequence);
        Assert.True(folded.State.Sequence < ahead.Sequence);
        Assert.True(folded.IsWhole);
    }

    [Fact]
    public void Behind_damage_the_fold_goes_on_and_says_what_is_missing()
    {
        using JournalWriter writer = Open();
        LiveRun run = new(writer, 6, "BTCUSDT");
        run.Run(400, flushEvery: 20);
        string segment = _files.List(Folder).Single(path => path.EndsWith(".open", StringComparison.Ordinal));
        byte[] bytes = _files.Content(segment);
        bytes[bytes.Length / 2] ^= 1;
        _files.Put(segment, bytes);
        List<FoldedTick> ticks = [];
        FoldedSymbol folded = Fold().Run(new FoldOptions(), ticks.Add).Values.Single();
        JournalHole hole = Assert.Single(folded.Holes);
        Assert.InRange(hole.ToSequence - hole.FromSequence, 0, 60);
        Assert.Equal(run.State("BTCUSDT").Sequence, folded.State.Sequence);
        Assert.Single(_notes.Damages);
        Assert.Contains(ticks, tick => tick.IsWhole);
        Assert.Contains(ticks, tick => !tick.IsWhole);
        Assert.All(ticks, tick => Assert.Equal(tick.Sequence < hole.FromSequence, tick.IsWhole));
    }

    [Fact]
    public void A_stretch_of_ticks_is_folded_and_nothing_after_it()
    {
        using JournalWriter writer = Open();
        LiveRun run = new(writer, 7, Symbols);
        run.Run(2_000);
        Symbol eth = Symbol.Parse("ETHUSDT");
        List<FeedRow> all = run.Rows[eth];
        List<FeedRow> rows = [];
        FoldedSymbol folded = Fold().Run(
            new FoldOptions { Symbols = [eth], AfterTick = _ => all[2].TickTime, LastTick = all[6].TickTime },
            tick => rows.Add(tick.Rows.Feed)).Values.Single();
        Assert.Equal(LiveRun.Lines(all[3..7]), LiveRun.Lines(rows));
        Assert.Equal(all[6].TickTime, folded.State.LastTickTime);
    }

    [Fact]
    public void Of_a_symbol_without_a_past_comes_an_empty_state()
    {
        Symbol symbol = Symbol.Parse("NEWUSDT");
        using JournalWriter writer = Open();
        Assert.Equal(0, Fold().Recover([symbol], _ => 0, _ => { })[symbol].State.Sequence);
    }

    private JournalWriter Open() => JournalWriter.Open(
        new JournalOptions { Folder = Folder, SegmentBytes = 200_000 }, _clock, _files, _notes);

    private JournalFold Fold() => new(Folder, _files, _notes);

    private SnapshotStore Snapshots() => new(Folder, _files, NoStorageEvents.Instance);
}
