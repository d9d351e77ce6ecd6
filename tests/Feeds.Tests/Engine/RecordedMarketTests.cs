using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Simulator.Ledgers;
using Feeds.Storage.Journals;
using Feeds.Storage.Sinks;
using Feeds.Tests.Core.Symbols;
using Feeds.Tests.Simulator;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>
/// The main job on real input: recorded captures replayed by the venue, over real sockets, into the row file.
/// </summary>
public sealed class RecordedMarketTests
{
    [Fact]
    public async Task Rows_of_a_recorded_market_equal_a_slow_recomputation_from_the_journal()
    {
        string[] files =
        [
            RecordedFiles.Find("ws/usdm_btcusdt_20240808.gz"), RecordedFiles.Find("ws/usdm_ethusdt_20240808.gz"),
        ];
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            ["BTCUSDT", "ETHUSDT"], venue: options => options with { Symbols = null, Replay = files });
        await fixture.RunAsync(90);
        string[] symbols = ["BTCUSDT", "ETHUSDT"];
        IReadOnlyList<LedgerMessage>[] books =
            [.. symbols.Select(symbol => fixture.Venue.Ledger.Sent($"{symbol.ToLowerInvariant()}@depth20@100ms"))];
        IReadOnlyList<LedgerMessage>[] trades =
            [.. symbols.Select(symbol => fixture.Venue.Ledger.Sent($"{symbol.ToLowerInvariant()}@aggTrade"))];
        await fixture.Node.DisposeAsync();
        Recomputation seen = new();
        new JournalReader(Path.Combine(fixture.Folder, "journal")).Read(seen);

        // Every row of the file, to the byte, is the one that the events of the journal make.
        Assert.Equal(
            (await File.ReadAllLinesAsync(Path.Combine(fixture.Folder, "feeds_log.csv"))).Skip(1).Order(
                StringComparer.Ordinal),
            seen.Rows.Select(FeedRowCsv.ToLine).Select(line => line.TrimEnd()).Order(StringComparer.Ordinal));
        Assert.True(seen.Rows.Count >= 176, $"{seen.Rows.Count} rows");
        Assert.Contains(
            seen.Rows, row => row.Symbol.Text == "BTCUSDT" && row.ObiTop is > 0 and < 1 && row.OpenInterest > 0);

        // And what was applied is what the venue sent: in order, each once, books less the conflated ones.
        for (int i = 0; i < symbols.Length; i++)
        {
            Assert.True(trades[i].Count > 200, $"{trades[i].Count} trades");
            Assert.Equal(trades[i].Select(trade => trade.Id), seen.TradeIds(symbols[i]));
            Assert.True(books[i].Count > 500, $"{books[i].Count} books");
            Assert.Equal(books[i].Count, seen.BookIds(symbols[i]).Count + seen.Conflated(symbols[i]));
            Assert.Equal(seen.BookIds(symbols[i]), seen.BookIds(symbols[i]).Distinct().Order());
            Assert.Subset(books[i].Select(book => book.Id).ToHashSet(), seen.BookIds(symbols[i]).ToHashSet());
        }
    }

    /// <summary>
    /// Computes rows from a journal twice: by the fold, and by the slow reference, and holds them against each other.
    /// </summary>
    private sealed class Recomputation : IJournalVisitor
    {
        private readonly Dictionary<Symbol, (SymbolState Fold, ReferenceRow Slow)> _symbols = [];
        private readonly Dictionary<string, List<long>> _trades = new(StringComparer.Ordinal);
        private readonly Dictionary<string, List<long>> _books = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _conflated = new(StringComparer.Ordinal);

        public List<FeedRow> Rows { get; } = [];

        public List<long> TradeIds(string symbol) => _trades[symbol];

        public List<long> BookIds(string symbol) => _books[symbol];

        public int Conflated(string symbol) => _conflated.GetValueOrDefault(symbol);

        public long NextSequence(Symbol symbol) => 0;

        public void Visit(Symbol symbol, long sequence, in MarketEvent e)
        {
            if (!_symbols.TryGetValue(symbol, out (SymbolState Fold, ReferenceRow Slow) state))
            {
                _symbols[symbol] = state = (new SymbolState(symbol), new ReferenceRow(symbol));
                _trades[symbol.Text] = [];
                _books[symbol.Text] = [];
            }

            Assert.Equal(state.Fold.Sequence + 1, sequence);
            state.Slow.Add(e);
            if (state.Fold.Apply(e) is { } rows)
            {
                ReferenceRow.AssertEqual(state.Slow.Row(), rows.Feed);
                Rows.Add(rows.Feed);
            }

            if (e.Kind == EventKind.Trade)
            {
                _trades[symbol.Text].Add(e.TradeId);
            }
            else if (e.Kind == EventKind.Book)
            {
                _books[symbol.Text].Add(e.LastUpdateId);
                _conflated[symbol.Text] = Conflated(symbol.Text) + e.Conflated;
            }
        }
    }
}
