using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage.Journals;
using Feeds.Storage.Sinks;
using Xunit;

namespace Feeds.Tests.Engine.Faults;

/// <summary>
/// The row file against the journal of a node that has stopped: the same rows to the byte, one for each tick.
/// </summary>
internal static class RowCheck
{
    public static void Holds(NodeFixture fixture)
    {
        Folded folded = new();
        new JournalReader(Path.Combine(fixture.Folder, "journal")).Read(folded);
        string[] written = [.. File.ReadAllLines(Path.Combine(fixture.Folder, "feeds_log.csv")).Skip(1)];
        Assert.Equal(
            folded.Rows.Select(FeedRowCsv.ToLine).Select(static line => line.TrimEnd()).Order(StringComparer.Ordinal),
            written.Order(StringComparer.Ordinal));
        foreach (IGrouping<string, CsvRow> symbol in written.Select(CsvRow.Parse).GroupBy(static row => row.Symbol))
        {
            DateTimeOffset[] times = [.. symbol.Select(
                static row => DateTimeOffset.Parse(row.Timestamp, System.Globalization.CultureInfo.InvariantCulture))];
            Assert.All(
                times.Zip(times.Skip(1)), pair => Assert.Equal(TimeSpan.FromSeconds(1), pair.Second - pair.First));
        }
    }

    private sealed class Folded : IJournalVisitor
    {
        private readonly Dictionary<Symbol, SymbolState> _states = [];

        public List<FeedRow> Rows { get; } = [];

        public long NextSequence(Symbol symbol) => 0;

        public void Visit(Symbol symbol, long sequence, in MarketEvent e)
        {
            if (!_states.TryGetValue(symbol, out SymbolState? state))
            {
                _states[symbol] = state = new SymbolState(symbol);
            }

            if (state.Apply(e) is { } rows)
            {
                Rows.Add(rows.Feed);
            }
        }
    }
}
