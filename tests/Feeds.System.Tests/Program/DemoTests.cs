using System.Globalization;
using Xunit;

namespace Feeds.System.Tests.Program;

public sealed class DemoTests : IDisposable
{
    private const string Header =
        "timestamp,symbol,oi,oi_pct,funding,basis,liq_long_usd,liq_short_usd,liq_ratio,obi_top,latency_ms,source_errors";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_demo_writes_rows_on_the_grid_and_ends_well()
    {
        (int code, string output, string errors) = await FeedsProgram.RunAsync(
            _folder.Path, "demo", "--seconds", "12", "--data-dir", "d", "--interval", "2", "--port", "0");

        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith("data_feeds: OK\n11 symbols (11 OK)", output, StringComparison.Ordinal);
        Assert.Matches(@"\ndata_feeds: OK, \d+ rows in d/feeds_log.csv\n$", output);
        string[] lines = await File.ReadAllLinesAsync(_folder.File("d/feeds_log.csv"));
        Assert.Equal(Header, lines[0]);
        List<string[]> rows = [.. lines.Skip(1).Select(line => line.Split(','))];
        Assert.All(rows, row => Assert.Equal(12, row.Length));
        Assert.All(rows, row => Assert.Equal(0, Millis(row[0]) % 2000));
        Assert.All(
            rows.GroupBy(row => row[0]), tick => Assert.Equal(11, tick.Select(row => row[1]).Distinct().Count()));
        Assert.Equal(rows.Count, rows.Select(row => (row[0], row[1])).Distinct().Count());
        Assert.InRange(rows.GroupBy(row => row[0]).Count(), 3, 7);

        // By the last tick everything is there.
        Assert.All(rows.TakeLast(11), row => Assert.Equal("", row[11]));
        Assert.All(rows.TakeLast(11), row => Assert.All(new[] { 2, 3, 4, 5, 6, 7, 9, 10 }, column =>
            Assert.True(
                double.TryParse(row[column], NumberStyles.Float, CultureInfo.InvariantCulture, out _),
                $"{row[1]} column {column}: '{row[column]}'")));
    }

    [Theory]
    [InlineData(FeedsProgram.SigInt)]
    [InlineData(FeedsProgram.SigTerm)]
    public async Task A_signal_ends_the_demo_cleanly(int signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent with kill");
        await using FeedsProgram demo = FeedsProgram.Start(
            _folder.Path, null, "demo", "--data-dir", "d", "--interval", "1", "--symbols", "BTCUSDT,币安人生USDT", "--port",
            "0");
        await demo.UntilAsync("data_feeds: OK");

        demo.Signal(signal);

        Assert.Equal(0, await demo.EndAsync());
        Assert.Equal("", demo.Errors);
        Assert.Matches(@"data_feeds: OK, \d+ rows in d/feeds_log.csv\n$", demo.Output);
        string text = await File.ReadAllTextAsync(_folder.File("d/feeds_log.csv"));
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n')[1..^1], line => Assert.Equal(12, line.Split(',').Length));
    }

    [Fact]
    public async Task A_node_in_another_process_reads_the_simulated_exchange()
    {
        await using FeedsProgram venue = FeedsProgram.Start(
            _folder.Path, null, "simulate", "--symbols", "BTCUSDT,ETHUSDT");
        string config = await venue.UntilAsync("stream_url:");
        _folder.Write("feeds.yaml", config[config.IndexOf("exchange:\n", StringComparison.Ordinal)..]);

        await using FeedsProgram node = FeedsProgram.Start(
            _folder.Path, null, "run", "--interval", "1", "--symbols", "BTCUSDT,ETHUSDT", "--data-dir", "d", "--bind",
            "127.0.0.1:0");
        string url = (await node.UntilAsync("listening on "))[("listening on ".Length)..].Trim();

        // A start may be well for one tick and short of something at the next.
        (int Code, string Output, string Errors) health;
        (int Code, string Output, string Errors) status;
        do
        {
            health = await FeedsProgram.RunAsync(_folder.Path, "health", "--url", url);
            status = await FeedsProgram.RunAsync(_folder.Path, "status", "--url", url);
        }
        while (health.Code == 1 || status.Code == 1);

        Assert.Equal((0, 0), (health.Code, status.Code));
        Assert.StartsWith("HEALTHY\n", health.Output, StringComparison.Ordinal);
        Assert.StartsWith("data_feeds: OK\n2 symbols (2 OK)", status.Output, StringComparison.Ordinal);

        node.Signal(FeedsProgram.SigTerm);
        Assert.Equal(0, await node.EndAsync());
        Assert.DoesNotContain("ERROR", node.Errors, StringComparison.Ordinal);
    }

    private static long Millis(string timestamp) =>
        DateTimeOffset.ParseExact(
            timestamp, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            .ToUnixTimeMilliseconds();
}
