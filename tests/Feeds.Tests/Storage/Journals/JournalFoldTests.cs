using System.Text;
using Feeds.Core.Market;
using Feeds.Core.Numerics;
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
        Assert.True(
            _files.List(Folder).Count(path => path.EndsWith(".open", StringComparison.Ordinal)) > 3,
            "several segments");
        Assert.Equal(LiveRun.Lines(run.Rows.Values.SelectMany(list => list)), rows.Select(FeedRowCsv.ToLine));
        foreach (string symbol in Symbols)
        {
            Assert.Equal(
                StateFingerprint.Of(run.State(symbol)), StateFingerprint.Of(folded[Symbol.Parse(symbol)].State));
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

    [Theory]
    [InlineData("book")]
    [InlineData("trades")]
    [InlineData("golden")]
    [InlineData("flow")]
    [InlineData("bars_5m")]
    public void A_part_of_another_version_is_made_anew_from_the_journal_and_the_others_are_taken(string part)
    {
        using JournalWriter writer = Open();
        LiveRun run = new(writer, 4, features: true, "BTCUSDT");
        Symbol btc = Symbol.Parse("BTCUSDT");
        run.Run(3_000);
        SymbolState old = run.State("BTCUSDT");
        Snapshots().Write(writer.Position, 1, [LiveRun.Saved(old) with { State = OfAnotherVersion(old, part) }]);
        run.Run(1_500);
        FoldedSymbol folded = Fold().Recover([btc], _ => long.MaxValue, _ => { })[btc];
        Assert.Equal(Sections(run.State("BTCUSDT")), Sections(folded.State));
        Assert.True(folded.SnapshotSequence > 0);
        Assert.Equal(run.State("BTCUSDT").Sequence, folded.EventCount);

        // With the beginning of the journal gone the part knows less than it did; the others still have all of it.
        foreach (string segment in _files.List(Folder).Where(path => path.EndsWith(".open", StringComparison.Ordinal))
            .Take(1).ToArray())
        {
            _files.Delete(segment);
        }

        folded = Fold().Recover([btc], _ => long.MaxValue, _ => { })[btc];
        Assert.True(folded.IsWhole);
        Assert.InRange(folded.EventCount, 1_000, run.State("BTCUSDT").Sequence - 100);
        string[] changed = [.. Sections(run.State("BTCUSDT")).Except(Sections(folded.State)).Select(
            section => section.Split(' ')[0])];
        Assert.All(
            changed,
            section => Assert.True(section == part || (section == "golden" && part is "flow" or "bars_5m"), section));
    }

    [Theory]
    [InlineData("symbol")]
    [InlineData(null)]
    public void A_snapshot_of_another_symbol_or_of_an_unknown_frame_is_passed_over(string? frame)
    {
        using JournalWriter writer = Open();
        LiveRun run = new(writer, 4, "BTCUSDT", "ETHUSDT");
        Symbol btc = Symbol.Parse("BTCUSDT");
        run.Run(300);
        SymbolSnapshot saved = LiveRun.Saved(run.State("BTCUSDT"));
        Snapshots().Write(
            writer.Position, 1,
            [saved with { State = frame is null
                ? LiveRun.Saved(run.State("ETHUSDT")).State : OfAnotherVersion(run.State("BTCUSDT"), frame) }]);
        FoldedSymbol folded = Fold().Recover([btc], _ => long.MaxValue, _ => { })[btc];
        Assert.Equal(0, folded.SnapshotSequence);
        Assert.Equal(StateFingerprint.Of(run.State("BTCUSDT")), StateFingerprint.Of(folded.State));
    }

    [Fact]
    public void A_saved_state_takes_the_place_of_whatever_was_there()
    {
        using JournalWriter writer = Open();
        LiveRun run = new(writer, 4, features: true, "BTCUSDT");
        run.Run(1_500);
        SymbolSnapshot saved = LiveRun.Saved(run.State("BTCUSDT"));
        string[] then = Sections(run.State("BTCUSDT"));
        run.Run(1_500);
        SymbolState used = run.State("BTCUSDT");
        Assert.Equal(0, used.Overlay(new StateReader(saved.State.Span)));
        Assert.Equal(then, Sections(used));

        // Nor does what it was before show in what it becomes.
        SymbolState fresh = new(used.Symbol);
        Assert.True(fresh.TryLoad(new StateReader(saved.State.Span)));
        RandomMarket market = new(4);
        for (int i = 0; i < 4_000; i++)
        {
            MarketEvent e = market.Next();
            if (i >= 1_500 && e.Kind != EventKind.Settings && fresh.Admit(e) == Admission.Accepted)
            {
                TickRows? expected = fresh.Apply(e);
                TickRows? rows = used.Apply(e);
                Assert.Equal(expected?.Feed, rows?.Feed);
                Assert.Equal(expected?.Features?.Values.ToArray(), rows?.Features?.Values.ToArray());
            }
        }

        Assert.Equal(Sections(fresh), Sections(used));
    }

    [Fact]
    public void Segments_that_lie_before_all_snapshots_are_not_read_again()
    {
        using JournalWriter writer = Open();
        LiveRun run = new(writer, 4, Symbols);
        run.Run(1_500);
        run.Snapshot(Snapshots(), 1);
        run.Run(100);
        string first = _files.List(Folder).First(path => path.EndsWith(".open", StringComparison.Ordinal));
        byte[] bytes = _files.Content(first);
        bytes[bytes.Length / 2] ^= 1;
        _files.Put(first, bytes);
        IReadOnlyDictionary<Symbol, FoldedSymbol> folded = Fold().Recover(run.Symbols, _ => long.MaxValue, _ => { });
        Assert.All(Symbols, symbol => Assert.Equal(
            StateFingerprint.Of(run.State(symbol)), StateFingerprint.Of(folded[Symbol.Parse(symbol)].State)));
        Assert.Empty(_notes.Damages);
    }

    // A section is its name, its version and its content; the version is made one that nobody knows.
    private static ReadOnlyMemory<byte> OfAnotherVersion(SymbolState state, string part)
    {
        byte[] bytes = LiveRun.Saved(state).State.ToArray();
        byte[] name = [.. BitConverter.GetBytes(part.Length), .. Encoding.UTF8.GetBytes(part)];
        int at = part is "flow" or "bars_5m" ? bytes.AsSpan().IndexOf("golden"u8) : 0;
        at += bytes.AsSpan(at).IndexOf(name);
        bytes[at + name.Length] = 99;
        return bytes;
    }

    // The top sections of a state, each with its content.
    private static string[] Sections(SymbolState state)
    {
        List<string> sections = [];
        StateReader reader = new(LiveRun.Saved(state).State.Span);
        while (reader.Remaining > 0)
        {
            string name = reader.ReadString()!;
            reader.ReadInt32();
            sections.Add($"{name} {Convert.ToHexString(reader.ReadBytes())}");
        }

        return [.. sections];
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
