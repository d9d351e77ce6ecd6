using System.CommandLine;
using Feeds.Commands;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>
/// A long run of a whole node, on a clock that is moved by hand, and its rows made again from the journal.
/// </summary>
public sealed class ReplayedHourTests
{
    private static readonly string[] Symbols =
    [
        "BTCUSDT", "ETHUSDT", "SOLUSDT", "BNBUSDT", "XRPUSDT", "DOGEUSDT", "PUMPUSDT", "LUMIAUSDT", "YFIUSDT",
        "BLASTUSDT", "ANIMEUSDT",
    ];

    /// <summary>FEEDS_LONG=1 runs an hour.</summary>
    [Fact]
    public async Task Rows_of_an_hour_of_eleven_symbols_are_identical_on_one_core_and_on_two()
    {
        bool isLong = Environment.GetEnvironmentVariable("FEEDS_LONG") == "1";
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            Symbols,
            node: static options =>
                options with { Interval = TimeSpan.FromSeconds(5), SnapshotInterval = TimeSpan.FromMinutes(5) });
        await fixture.UntilHealthyAsync();
        await fixture.RunAsync(isLong ? 3_600 : 30);
        await fixture.StopAsync();
        string rows = await File.ReadAllTextAsync(Path.Combine(fixture.Folder, "feeds_log.csv"));
        foreach (string cores in new[] { "1", "2" })
        {
            string output = await RunAsync(
                new ReplayCommand(), "--verify", "--data-dir", fixture.Folder, "--cores", cores);
            Assert.Equal($"identical: {rows.Count(static c => c == '\n') - 1} rows", output.TrimEnd().Split('\n')[^1]);
            output = await RunAsync(new ReplayCommand(), "--data-dir", fixture.Folder, "--cores", cores);
            Assert.Equal(Sorted(rows), Sorted(output));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            await RunAsync(new VerifyCommand(), "--ledger", fixture.LedgerPath, "--data-dir", fixture.Folder));
    }

    // The node writes the rows of a tick in the configured order of symbols, replay in that of their names.
    private static string[] Sorted(string rows) => [.. rows.Split('\n').Order(StringComparer.Ordinal)];

    private static async Task<string> RunAsync(Command command, params string[] arguments)
    {
        await using StringWriter output = new() { NewLine = "\n" };
        int code = await command.Parse(arguments).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = output, EnableDefaultExceptionHandler = false });
        Assert.True(code == 0, output.ToString());
        return output.ToString();
    }
}
