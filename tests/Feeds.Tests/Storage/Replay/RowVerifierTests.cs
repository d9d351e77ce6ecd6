using System.Text;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage.Journals;
using Feeds.Storage.Replay;
using Feeds.Storage.Sinks;
using Feeds.Tests.Storage.Files;
using Feeds.Tests.Storage.Journals;
using Feeds.Tests.Storage.Sinks;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Storage.Replay;

public sealed class RowVerifierTests
{
    private const string Journal = "/data/journal";
    private const string Csv = "/data/feeds_log.csv";

    private static readonly string[] Symbols = ["BTCUSDT", "ETHUSDT", "币安人生USDT"];

    private readonly CrashFileSystem _files = new();
    private readonly StorageNotes _notes = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Rows_of_a_run_are_identical_on_any_number_of_cores(int cores)
    {
        long rows = await RunAsync(rotateBytes: 3_000);
        RowVerification result = Verifier().Verify(cores: cores);
        Assert.True(result.IsIdentical);
        Assert.Equal(rows, result.Identical);
        Assert.True(_files.List("/data").Count > 4);
    }

    [Fact]
    public async Task One_changed_cell_is_named()
    {
        await RunAsync();
        string[] lines = Encoding.UTF8.GetString(_files.Content(Csv)).Split('\n');
        string[] cells = lines[5].Split(',');
        cells[2] += "1";
        string changed = string.Join(',', cells);
        Put(lines, 5, changed);
        RowVerification result = Verifier().Verify();
        Assert.False(result.IsIdentical);
        Assert.Equal(1, result.Different);
        Assert.Equal("oi", result.First!.Column);
        Assert.Equal(cells[2], result.First.Stored);
        Assert.Equal(cells[2][..^1], result.First.Replayed);
        Assert.Equal(cells[1], result.First.Symbol.Text);
        Assert.Contains(Csv, result.First.Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_is_missing_doubled_or_invented_is_a_difference()
    {
        await RunAsync();
        string[] lines = Encoding.UTF8.GetString(_files.Content(Csv)).Split('\n');
        Put([.. lines[..6], .. lines[7..]], 0, lines[0]);
        RowVerification missing = Verifier().Verify();
        Assert.Equal(
            ("row", string.Empty, lines[6], 1),
            (missing.First!.Column, missing.First.Stored, missing.First.Replayed, missing.Different));
        Put([.. lines[..6], lines[6], .. lines[6..]], 0, lines[0]);
        Assert.Contains("twice", Verifier().Verify().First!.Stored, StringComparison.Ordinal);
        string invented = lines[6].Replace(":00.000Z", ":07.000Z", StringComparison.Ordinal).Replace(
            ":30.000Z", ":37.000Z", StringComparison.Ordinal);
        Put([.. lines[..6], invented, .. lines[6..]], 0, lines[0]);
        RowVerification more = Verifier().Verify();
        Assert.Equal((string.Empty, invented, 1), (more.First!.Replayed, more.First.Stored, more.Different));
    }

    [Fact]
    public async Task Rows_that_the_sink_did_not_get_before_a_stop_are_no_difference()
    {
        long rows = await RunAsync();
        string[] lines = Encoding.UTF8.GetString(_files.Content(Csv)).Split('\n');
        Put([.. lines[..^8], string.Empty], 0, lines[0]);
        RowVerification result = Verifier().Verify();
        Assert.True(result.IsIdentical);
        Assert.Equal(rows - 7, result.Identical);
    }

    [Fact]
    public async Task Behind_damage_rows_are_equal_or_unjudged_but_never_different()
    {
        await RunAsync();
        string segment = _files.List(Journal).First(path => path.EndsWith(".open", StringComparison.Ordinal));
        byte[] bytes = _files.Content(segment);
        bytes[bytes.Length / 3] ^= 1;
        _files.Put(segment, bytes);
        RowVerification result = Verifier().Verify();
        Assert.False(result.IsIdentical);
        Assert.Equal(0, result.Different);
        Assert.True(result.Unjudged > 0);
        Assert.NotEmpty(result.Holes);
        (string path, long offset, long length) = Assert.Single(_notes.Damages);
        Assert.Equal(segment, path);
        Assert.InRange(bytes.Length / 3, offset, offset + length);
    }

    [Fact]
    public async Task A_stretch_and_some_symbols_can_be_compared_alone()
    {
        await RunAsync();
        string[] lines = Encoding.UTF8.GetString(_files.Content(Csv)).Split('\n');
        long from = Tick(lines[4]);
        long to = Tick(lines[13]);
        RowVerification result = Verifier().Verify([Symbol.Parse("ETHUSDT")], from, to);
        Assert.True(result.IsIdentical);
        Assert.Equal(
            lines.Count(
                line => line.Contains(",ETHUSDT,", StringComparison.Ordinal) && Tick(line) >= from && Tick(line) <= to),
                result.Identical);
    }

    [Fact]
    public async Task Without_common_ticks_nothing_is_called_identical()
    {
        await RunAsync();
        Assert.False(Verifier().Verify(fromTick: long.MaxValue - 10).Overlaps);
    }

    [Fact]
    public async Task An_inspector_counts_what_is_there_and_finds_one_flipped_bit()
    {
        await RunAsync();
        JournalInspector inspector = new(Journal, _files, _notes);
        JournalStats stats = inspector.Stats(countKinds: true);
        Assert.Equal(Symbols.Order(StringComparer.Ordinal), stats.Symbols.Select(symbol => symbol.Symbol.Text));
        Assert.All(stats.Symbols, symbol => Assert.Equal(symbol.LastSequence, symbol.Events));
        Assert.Equal(stats.OpenEvents + stats.SealedEvents, stats.Kinds.Values.Sum());
        Assert.Empty(inspector.Verify());
        while (new JournalSealer(Journal, null, _files, _notes).SealNext())
        {
        }

        JournalStats after = inspector.Stats(countKinds: true);
        Assert.Equal(stats.Symbols, after.Symbols);
        Assert.Equal(stats.Kinds, after.Kinds);
        Assert.True(after.SealedBytes < stats.OpenBytes);
        Assert.Equivalent(after with { Kinds = new Dictionary<EventKind, long>() }, inspector.Stats(countKinds: false));
        Assert.Empty(inspector.Verify());
        string segment = _files.List(Journal).First(path => path.EndsWith(".sealed", StringComparison.Ordinal));
        byte[] bytes = _files.Content(segment);
        bytes[bytes.Length / 2] ^= 8;
        _files.Put(segment, bytes);
        Assert.Contains(
            inspector.Verify(),
            fault => fault.Path == segment && bytes.Length / 2 >= fault.Offset
                && bytes.Length / 2 < fault.Offset + fault.Bytes);
    }

    private static long Tick(string line) =>
        FeedRowCsv.TryReadKey(Encoding.UTF8.GetBytes(line), out long tick, out _) ? tick : 0;

    private void Put(string[] lines, int at, string line)
    {
        lines = [.. lines];
        lines[at] = line;
        _files.Put(Csv, Encoding.UTF8.GetBytes(string.Join('\n', lines)));
    }

    private async Task<long> RunAsync(long rotateBytes = 200_000_000)
    {
        using JournalWriter writer = JournalWriter.Open(
            new JournalOptions { Folder = Journal, SegmentBytes = 200_000 }, new ManualTimeProvider(), _files, _notes);
        LiveRun run = new(writer, 1, Symbols);
        run.Run(2_500);
        await using CsvRowSink sink = CsvRowSink.Open(
            new CsvRowSinkOptions { Path = Csv, RotateBytes = rotateBytes, KeepFiles = 100 }, _files, _notes);
        FeedRow[] rows = [.. run.Rows.Values.SelectMany(list => list).OrderBy(row => row.TickTime).ThenBy(
            row => row.Symbol)];
        await sink.WriteAsync(Rows.Of(rows), default);
        return rows.Length;
    }

    private RowVerifier Verifier() => new(Journal, Csv, _files, _notes);
}
