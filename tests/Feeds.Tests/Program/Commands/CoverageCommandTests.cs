using System.CommandLine;
using System.Text.Json;
using Feeds.Commands;
using Feeds.Configuration;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage.Journals;
using Feeds.Tests.Storage;
using Feeds.Tests.Time;
using Xunit;

using Symbol = Feeds.Core.Market.Symbol;

namespace Feeds.Tests.Program.Commands;

/// <summary>Coverage read from a journal: an hour of a day without liquidations, and trades that came later.</summary>
public sealed class CoverageCommandTests : IDisposable
{
    private const long Start = 1_748_908_800_000;
    private const long Hour = 3_600_000;

    private readonly TemporaryFolder _folder = new();

    public CoverageCommandTests()
    {
        using JournalWriter writer = JournalWriter.Open(
            new Feeds.Storage.Journals.JournalOptions { Folder = _folder.At("journal") }, new ManualTimeProvider());
        Symbol symbol = Symbol.Parse("币安人生USDT");
        SymbolState state = new(symbol);
        ISymbolJournal journal = writer.For(symbol, 0);
        long end = Start + (24 * Hour);
        MarketEvent Trade(long id, long received) =>
            MarketEvent.ForTrade(
                end - 100_000 + (id * 1_000), received, id, 1, 1, 1, Side.Buy,
                isFromStream: received == end - 100_000 + (id * 1_000));
        List<MarketEvent> events =
        [
            MarketEvent.ForSettings(new SymbolSettings(60_000, 3, SymbolSettings.AllFeeds) { Features = true }, Start),
            MarketEvent.ForFeedConnected(Feed.Liquidations, Start),
            MarketEvent.ForFeedDisconnected(Feed.Liquidations, "closed", Start + (6 * Hour)),
            MarketEvent.ForFeedConnected(Feed.Liquidations, Start + (7 * Hour)),
            Trade(10, end - 90_000), Trade(11, end - 89_000), Trade(15, end - 85_000),
            Trade(12, end - 60_000), Trade(13, end - 60_000), Trade(14, end - 60_000),
            MarketEvent.ForTick(end, end),
        ];
        foreach (MarketEvent e in events)
        {
            Assert.Equal(Admission.Accepted, state.Admit(e));
            journal.Append(state.Sequence + 1, e);
            state.Apply(e);
        }

        writer.Flush();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_day_with_an_hour_missing_says_23_of_24()
    {
        (int code, string output) = await RunAsync("--feed", "liq", "--window", "24h", "--holes");
        Assert.Equal(0, code);
        Assert.Contains("23/24 h", output, StringComparison.Ordinal);
        Assert.Contains("closed", output, StringComparison.Ordinal);
        Assert.Contains("3600.0", output, StringComparison.Ordinal);
        Assert.DoesNotContain("trades", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_JSON_it_has_windows_holes_and_minutes()
    {
        (int code, string output) = await RunAsync("--json", "--minutes", "1440");
        Assert.Equal(0, code);
        JsonElement symbol = Assert.Single(JsonDocument.Parse(output).RootElement.EnumerateArray());
        Assert.Equal("币安人生USDT", symbol.GetProperty("symbol").GetString());
        JsonElement[] feeds = [.. symbol.GetProperty("feeds").EnumerateArray()];
        JsonElement Feed(string name) => feeds.Single(each => each.GetProperty("feed").GetString() == name);
        JsonElement day = Feed("liq").GetProperty("windows").EnumerateArray().Single(
            w => w.GetProperty("window").GetString() == "24h");
        Assert.Equal(23 * Hour, day.GetProperty("covered_ms").GetInt64());
        Assert.Equal(23.0 / 24, day.GetProperty("share").GetDouble(), 12);

        // The lines of the minutes add up to the window.
        JsonElement[] minutes = [.. Feed("liq").GetProperty("minutes").EnumerateArray()];
        Assert.Equal(1440, minutes.Length);
        Assert.Equal(23 * Hour, minutes.Sum(m => m.GetProperty("covered_ms").GetInt64()));
        Assert.Equal(60, minutes.Count(m => m.GetProperty("reason").GetString() == "closed"));
        JsonElement hole = Assert.Single(Feed("trades").GetProperty("holes").EnumerateArray());
        Assert.Equal(
            ("sequence", true, 4_000L),
            (hole.GetProperty("reason").GetString(), hole.GetProperty("filled").GetBoolean(),
                hole.GetProperty("ms").GetInt64()));
        Assert.Equal(JsonValueKind.Null, Feed("depth").GetProperty("since").ValueKind);
        Assert.Equal(
            CoverageCommandWindows,
            Feed("depth").GetProperty("windows").EnumerateArray().Select(w => w.GetProperty("window").GetString()));
    }

    [Fact]
    public async Task Wrong_words_are_refused_with_what_is_allowed()
    {
        Assert.Equal(2, (await RunAsync("--feed", "oi")).Code);
        Assert.Equal(2, (await RunAsync("--minutes", "0.5")).Code);
        await Assert.ThrowsAsync<ConfigurationException>(() => RunAsync("--symbols", "BTCUSDT"));
    }

    private static string[] CoverageCommandWindows => ["1m", "5m", "1h", "8h", "24h", "7d"];

    private async Task<(int Code, string Output)> RunAsync(params string[] words)
    {
        RootCommand root = new();
        root.Subcommands.Add(new CoverageCommand());
        using StringWriter output = new();
        using StringWriter error = new();
        ParseResult parsed = root.Parse(["coverage", "--data-dir", _folder.Path, .. words]);
        if (parsed.Errors.Count > 0)
        {
            return (2, string.Join('\n', parsed.Errors.Select(e => e.Message)));
        }

        int code = await parsed.InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        return (code, output.ToString());
    }
}
