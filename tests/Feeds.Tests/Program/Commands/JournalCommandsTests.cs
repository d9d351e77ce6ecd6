using System.CommandLine;
using System.Text.Json;
using Feeds.Commands;
using Feeds.Configuration;
using Feeds.Core.Symbols;
using Feeds.Parquet.Reading;
using Feeds.Storage.Journals;
using Feeds.Storage.Sinks;
using Feeds.Tests.Storage;
using Feeds.Tests.Storage.Journals;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Program.Commands;

public sealed class JournalCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<FeedRow> _rows = [];

    public JournalCommandsTests()
    {
        using JournalWriter writer = JournalWriter.Open(
            new Feeds.Storage.Journals.JournalOptions { Folder = _folder.At("journal"), SegmentBytes = 300_000 },
            new ManualTimeProvider());
        LiveRun run = new(writer, 1, "BTCUSDT", "币安人生USDT");
        run.Run(2_000);
        _rows.AddRange(run.Rows.Values.SelectMany(list => list).OrderBy(row => row.TickTime).ThenBy(row => row.Symbol));
        JournalSealer sealer = new(_folder.At("journal"), writer);
        while (sealer.SealNext())
        {
        }

        WriteRows(_folder.At("feeds_log.csv"), _rows);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1", null)]
    [InlineData("2", null)]
    [InlineData("2", "1000000")]
    public async Task Replay_finds_the_rows_identical(string cores, string? speed)
    {
        string[] pace = speed is null ? [] : ["--speed", speed];
        (int code, string output, string error) = await ReplayAsync(["--verify", "--cores", cores, .. pace]);
        Assert.Equal(0, code);
        Assert.Equal($"identical: {_rows.Count} rows", output.TrimEnd().Split('\n')[^1]);
        Assert.Empty(error);
    }

    [Fact]
    public async Task Replay_names_the_first_cell_that_differs()
    {
        string[] lines = await File.ReadAllLinesAsync(_folder.At("feeds_log.csv"));
        string[] cells = lines[3].Split(',');
        cells[6] = "1234567";
        lines[3] = string.Join(',', cells);
        await File.WriteAllTextAsync(_folder.At("feeds_log.csv"), string.Join('\n', lines) + "\n");
        (int code, string output, _) = await ReplayAsync(["--verify"]);
        Assert.Equal(1, code);
        Assert.Contains("column liq_long_usd", output, StringComparison.Ordinal);
        Assert.Contains("stored '1234567'", output, StringComparison.Ordinal);
        Assert.Contains($"different: 1 rows, identical: {_rows.Count - 1} rows", output, StringComparison.Ordinal);
        (_, output, _) = await ReplayAsync(["--verify", "--json"]);
        Assert.Equal(
            "liq_long_usd",
            JsonDocument.Parse(output).RootElement.GetProperty("first").GetProperty("column").GetString());
    }

    [Fact]
    public async Task One_flipped_bit_of_the_journal_is_found_and_located()
    {
        string segment = Directory.GetFiles(_folder.At("journal"), "*.sealed").Order(StringComparer.Ordinal).First();
        byte[] bytes = await File.ReadAllBytesAsync(segment);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes);
        (int code, string output, _) = await JournalAsync(["verify"]);
        Assert.Equal(1, code);
        Assert.Contains(segment, output, StringComparison.Ordinal);
        (code, _, string error) = await ReplayAsync(["--verify"]);
        Assert.Equal(1, code);
        Assert.Contains(segment, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", null)]
    [InlineData("2", null)]
    [InlineData("2", "500000")]
    public async Task Replay_prints_and_writes_the_same_bytes_whatever_the_cores_and_the_speed(
        string cores, string? speed)
    {
        string[] how = ["--cores", cores, .. speed is null ? (string[])[] : ["--speed", speed]];
        (int code, string output, _) = await ReplayAsync(how);
        Assert.Equal(0, code);
        string expected = await File.ReadAllTextAsync(_folder.At("feeds_log.csv"));
        Assert.Equal(expected, output);
        (code, output, _) = await ReplayAsync(["--out", _folder.At("again"), .. how]);
        Assert.Equal(0, code);
        Assert.Contains($"{_rows.Count} rows written", output, StringComparison.Ordinal);
        Assert.Equal(expected, await File.ReadAllTextAsync(_folder.At("again/feeds_log.csv")));
    }

    [Fact]
    public async Task Replay_takes_a_stretch_and_some_symbols()
    {
        string from = FeedRowCsv.SplitCells(FeedRowCsv.ToLine(_rows[10]))[0];
        string to = FeedRowCsv.SplitCells(FeedRowCsv.ToLine(_rows[30]))[0];
        (_, string output, _) = await ReplayAsync(["--from", from, "--to", to, "--symbols", "币安人生USDT"]);
        Assert.Equal(
            _rows.Where(
                row => row.TickTime >= _rows[10].TickTime && row.TickTime <= _rows[30].TickTime
                    && row.Symbol.Text == "币安人生USDT")
                .Select(FeedRowCsv.ToLine),
            output.TrimEnd().Split('\n')[1..]);
    }

    [Theory]
    [InlineData("--from", "2026-01-02T00:00:00Z", "--to", "2026-01-01T00:00:00Z")]
    [InlineData("--symbols", "NOPEUSDT")]
    [InlineData("--symbols", "../x")]
    [InlineData("--from", "yesterday")]
    [InlineData("--speed", "-1")]
    [InlineData("--from", "2040-01-01T00:00:00Z")]
    public async Task Bad_input_is_refused_in_one_line(params string[] args)
    {
        ConfigurationException refused = await Assert.ThrowsAsync<ConfigurationException>(() => ReplayAsync(args));
        Assert.Single(refused.Errors);
        Assert.DoesNotContain('\n', refused.Errors[0]);
    }

    [Fact]
    public async Task Without_a_journal_there_is_nothing_to_replay()
    {
        Directory.Delete(_folder.At("journal"), recursive: true);
        ConfigurationException refused = await Assert.ThrowsAsync<ConfigurationException>(
            () => ReplayAsync(["--verify"]));
        Assert.Contains("no journal", refused.Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_of_a_newer_program_is_refused()
    {
        string segment = Directory.GetFiles(_folder.At("journal"), "*.sealed").Order(StringComparer.Ordinal).First();
        byte[] bytes = await File.ReadAllBytesAsync(segment);
        new SegmentHeader(SegmentForm.Sealed, 2, 1, 1).Write(bytes);
        await File.WriteAllBytesAsync(segment, bytes);
        Assert.Contains(
            "newer program",
            (await Assert.ThrowsAsync<ConfigurationException>(() => ReplayAsync(["--verify"]))).Errors[0],
            StringComparison.Ordinal);
        Assert.Contains(
            "newer program",
            (await Assert.ThrowsAsync<ConfigurationException>(() => JournalAsync(["verify"]))).Errors[0],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_common_ticks_the_exit_code_is_3()
    {
        File.Delete(_folder.At("feeds_log.csv"));
        (int code, string output, _) = await ReplayAsync(["--verify"]);
        Assert.Equal(3, code);
        Assert.Contains("no tick in common", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stats_say_what_is_there_and_verify_that_it_is_whole()
    {
        (int code, string output, _) = await JournalAsync(["stats", "--kinds", "--json"]);
        Assert.Equal(0, code);
        JsonElement stats = JsonDocument.Parse(output).RootElement;
        Assert.Equal(
            ["BTCUSDT", "币安人生USDT"],
            stats.GetProperty("symbols").EnumerateArray().Select(s => s.GetProperty("symbol").GetString()));
        Assert.True(stats.GetProperty("kinds").GetProperty("trade").GetInt64() > 100);
        long events = stats.GetProperty("sealed_events").GetInt64() + stats.GetProperty("open_events").GetInt64();
        (code, output, _) = await JournalAsync(["verify"]);
        Assert.Equal(0, code);
        Assert.StartsWith($"whole: {events} events in ", output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        (code, output, _) = await JournalAsync(["stats"]);
        Assert.Equal(0, code);
        Assert.Contains("bytes an event", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_writes_every_event_to_Parquet()
    {
        (_, string stats, _) = await JournalAsync(["stats", "--kinds", "--json"]);
        JsonElement kinds = JsonDocument.Parse(stats).RootElement.GetProperty("kinds");
        (int code, _, _) = await JournalAsync(["export", "--out", _folder.At("events")]);
        Assert.Equal(0, code);
        long rows = 0;
        foreach (string path in Directory.GetFiles(_folder.At("events")))
        {
            using ParquetFileReader file = ParquetFileReader.Open(path);
            rows += file.RowGroups.Sum(group => (long)group.RowCount);
            if (Path.GetFileName(path) == "trade.parquet")
            {
                Assert.Equal(kinds.GetProperty("trade").GetInt64(), file.RowGroups.Sum(group => (long)group.RowCount));
            }
        }

        Assert.Equal(kinds.EnumerateObject().Sum(kind => kind.Value.GetInt64()), rows);
    }

    [Fact]
    public async Task Prune_keeps_what_no_snapshot_covers()
    {
        (int code, string output, _) = await JournalAsync(["prune", "--keep-days", "1"]);
        Assert.Equal(0, code);
        Assert.StartsWith("0 segments deleted", output, StringComparison.Ordinal);
        Assert.Contains("still needs", output, StringComparison.Ordinal);
    }

    private static void WriteRows(string path, IReadOnlyList<FeedRow> rows)
    {
        File.WriteAllLines(path, [FeedRowCsv.Header, .. rows.Select(FeedRowCsv.ToLine)]);
    }

    private Task<(int Code, string Output, string Error)> ReplayAsync(string[] args) =>
        RunAsync(new ReplayCommand(), args);

    private Task<(int Code, string Output, string Error)> JournalAsync(string[] args) =>
        RunAsync(new JournalCommand(), args);

    private async Task<(int Code, string Output, string Error)> RunAsync(Command command, string[] args)
    {
        await using StringWriter output = new() { NewLine = "\n" };
        await using StringWriter error = new() { NewLine = "\n" };
        int code = await command.Parse([.. args, "--data-dir", _folder.Path]).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        return (code, output.ToString(), error.ToString());
    }
}
