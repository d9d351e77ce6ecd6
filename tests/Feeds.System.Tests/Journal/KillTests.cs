using System.Globalization;
using Feeds.Core.Market;
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

    /// <summary>FEEDS_LONG=1 runs two hundred rounds; FEEDS_SEED repeats a run's moments.</summary>
    [Fact]
    public async Task After_kills_at_random_moments_the_journal_is_valid_and_replay_equals_the_rows()
    {
        bool isLong = Environment.GetEnvironmentVariable("FEEDS_LONG") == "1";
        int rounds = isLong ? 200 : 5;
        int seed = int.TryParse(
            Environment.GetEnvironmentVariable("FEEDS_SEED"), NumberStyles.None, CultureInfo.InvariantCulture,
            out int told)
            ? told : Environment.ProcessId;
        TestContext.Current.TestOutputHelper?.WriteLine($"FEEDS_SEED={seed}");
        Random random = new(seed);
        await using WatchedMarket market = await WatchedMarket.StartAsync((ulong)seed, Symbols);
        string journal = Path.Combine(market.Data, "journal");
        for (int round = 0; round < rounds; round++)
        {
            IReadOnlySet<string> before = FilesIn(journal);
            await using FeedsProgram node = market.Node();
            long wanted = random.Next(10_000, 300_000);
            await WatchedMarket.UntilAsync(
                () => NewBytesIn(journal, before) >= wanted, () => $"round {round}: {node.Errors}");

            // The journal grows at flushes; any moment between them must do.
            await Task.Delay(random.Next(1_000));
            node.Signal(9);
            await node.EndAsync();
            Verify(market, isEnded: false);
        }

        IReadOnlySet<string> earlier = FilesIn(journal);
        await using FeedsProgram last = market.Node();
        await WatchedMarket.UntilAsync(() => NewBytesIn(journal, earlier) >= 50_000, () => last.Errors);
        await WatchedMarket.StopAsync(last);
        Verify(market, isEnded: true);
        await market.VerifyAsync();
    }

    private static void Verify(WatchedMarket market, bool isEnded)
    {
        Damage damage = new();
        List<string> replayed = [];
        IReadOnlyDictionary<Symbol, FoldedSymbol> symbols = new JournalFold(
            Path.Combine(market.Data, "journal"), damage).Run(
            new FoldOptions { UseSnapshots = false },
            tick => replayed.Add(FeedRowCsv.ToLine(tick.Rows.Feed).TrimEnd()));
        Assert.Empty(damage.Found);
        Assert.All(symbols.Values, symbol => Assert.True(symbol.IsWhole));

        // The last line may be torn; the next start cuts it. A kill between journal and row leaves rows for the next
        // start.
        string text = File.Exists(market.Rows) ? File.ReadAllText(market.Rows) : string.Empty;
        int whole = text.LastIndexOf('\n') + 1;
        string[] rows = [.. text[..whole].Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(
            line => line.TrimEnd())];
        Assert.Equal(rows.Length, rows.Select(row => string.Join(',', row.Split(',')[..2])).Distinct().Count());
        Assert.Empty(rows.Except(replayed));
        if (isEnded)
        {
            Assert.Empty(replayed.Except(rows));
            Assert.Contains(rows, row => row.Contains("node:restarted", StringComparison.Ordinal));
        }
    }

    private static HashSet<string> FilesIn(string folder) => Directory.Exists(folder)
        ? [.. Directory.GetFiles(folder, "*.open")] : [];

    // A node begins a segment of its own; older ones become smaller when they are sealed.
    private static long NewBytesIn(string folder, IReadOnlySet<string> before) =>
        FilesIn(folder).Where(path => !before.Contains(path)).Sum(
            static path => new FileInfo(path) is { Exists: true } file ? file.Length : 0);

    private sealed class Damage : IStorageEvents
    {
        public List<string> Found { get; } = [];

        public void Damaged(string path, long offset, long bytes, string what) =>
            Found.Add($"{path} at {offset}: {what}");
    }
}
