using System.Globalization;
using Feeds.Core.Market;
using Feeds.Simulator;
using Feeds.Storage;
using Feeds.Storage.Journals;
using Feeds.Storage.Sinks;
using Feeds.System.Tests.Program;
using Xunit;

namespace Feeds.System.Tests.Journal;

/// <summary>A node that is killed at random moments, again and again, under load.</summary>
public sealed class KillTests
{
    private const string Symbols = "BTCUSDT,ETHUSDT,SOLUSDT,XRPUSDT";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>FEEDS_LONG=1 runs two hundred rounds; FEEDS_SEED repeats a run's moments.</summary>
    [Fact]
    public async Task After_kills_at_random_moments_the_journal_is_valid_and_replay_equals_the_rows()
    {
        bool isLong = Environment.GetEnvironmentVariable("FEEDS_LONG") == "1";
        int rounds = isLong ? 200 : 5;
        int seed = int.TryParse(
            Environment.GetEnvironmentVariable("FEEDS_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out int told)
            ? told : Environment.ProcessId;
        TestContext.Current.TestOutputHelper?.WriteLine($"FEEDS_SEED={seed}");
        Random random = new(seed);
        using TemporaryFolder folder = new();
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { Seed = (ulong)seed, Symbols = Symbols.Split(',') }, TimeProvider.System);
        Dictionary<string, string> environment = new()
        {
            ["FEEDS__EXCHANGE__REST_URL"] = venue.RestUrl,
            ["FEEDS__EXCHANGE__STREAM_URL"] = venue.StreamUrl,
            ["FEEDS__DATA_FEEDS__SYMBOLS"] = $"[{Symbols}]",
            ["FEEDS__DATA_FEEDS__INTERVAL_SEC"] = "1",
            ["FEEDS__HTTP__BIND"] = "127.0.0.1:0",
        };
        string journal = folder.File("data/journal");
        for (int round = 0; round < rounds; round++)
        {
            await using FeedsProgram node = FeedsProgram.Start(folder.Path, environment, "run");
            long wanted = BytesIn(journal) + random.Next(10_000, 300_000);
            await UntilAsync(() => BytesIn(journal) >= wanted, () => node.Errors);

            // The journal grows at flushes; any moment between them must do.
            await Task.Delay(random.Next(1_000));
            node.Signal(9);
            await node.EndAsync();
            Verify(folder, isEnded: false);
        }

        await using FeedsProgram last = FeedsProgram.Start(folder.Path, environment, "run");
        long more = BytesIn(journal) + 50_000;
        await UntilAsync(() => BytesIn(journal) >= more, () => last.Errors);
        last.Signal(FeedsProgram.SigTerm);
        Assert.Equal(0, await last.EndAsync());
        Verify(folder, isEnded: true);
    }

    private static void Verify(TemporaryFolder folder, bool isEnded)
    {
        Damage damage = new();
        List<string> replayed = [];
        IReadOnlyDictionary<Symbol, FoldedSymbol> symbols = new JournalFold(folder.File("data/journal"), damage).Run(
            new FoldOptions { UseSnapshots = false }, tick => replayed.Add(FeedRowCsv.ToLine(tick.Rows.Feed).TrimEnd()));
        Assert.Empty(damage.Found);
        Assert.All(symbols.Values, symbol => Assert.True(symbol.IsWhole));

        // The last line may be torn; the next start cuts it. A kill between journal and row leaves rows for the next start.
        string text = File.Exists(folder.File("data/feeds_log.csv")) ? File.ReadAllText(folder.File("data/feeds_log.csv")) : string.Empty;
        int whole = text.LastIndexOf('\n') + 1;
        string[] rows = [.. text[..whole].Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.TrimEnd())];
        Assert.Equal(rows.Length, rows.Select(row => string.Join(',', row.Split(',')[..2])).Distinct().Count());
        Assert.Empty(rows.Except(replayed));
        if (isEnded)
        {
            Assert.Empty(replayed.Except(rows));
            Assert.Contains(rows, row => row.Contains("node:restarted", StringComparison.Ordinal));
        }
    }

    private static long BytesIn(string folder) => Directory.Exists(folder)
        ? new DirectoryInfo(folder).EnumerateFiles().Sum(static file => file.Exists ? file.Length : 0)
        : 0;

    private static async Task UntilAsync(Func<bool> condition, Func<string> describe)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, describe());
            await Task.Delay(5);
        }
    }

    private sealed class Damage : IStorageEvents
    {
        public List<string> Found { get; } = [];

        public void Damaged(string path, long offset, long bytes, string what) => Found.Add($"{path} at {offset}: {what}");
    }
}
