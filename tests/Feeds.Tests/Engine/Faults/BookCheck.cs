using System.Globalization;
using Feeds.Core.Books;
using Feeds.Core.Market;
using Feeds.Simulator.Markets;
using Feeds.Storage.Journals;
using Xunit;

namespace Feeds.Tests.Engine.Faults;

/// <summary>
/// Every book in the journal of a node that has stopped against the venue's own book of that moment, level by level.
/// </summary>
internal static class BookCheck
{
    /// <summary>Checks all books; returns how many there were.</summary>
    public static int Holds(NodeFixture fixture)
    {
        Reader reader = new(fixture);
        new JournalReader(Path.Combine(fixture.Folder, "journal")).Read(reader);
        return reader.Books;
    }

    // Of obi_top, as the node of the fixture is told.
    private const int LeastLevels = 3;

    private sealed class Reader(NodeFixture fixture) : IJournalVisitor
    {
        public int Books { get; private set; }

        public long NextSequence(Symbol symbol) => 0;

        public void Visit(Symbol symbol, long sequence, in MarketEvent e)
        {
            if (e.Kind != EventKind.Book)
            {
                return;
            }

            Books++;

            // The market's book of a slot of 100 ms is published up to 90 ms later.
            BookImage truth = fixture.Venue.BookAt(symbol.Text, 20, e.EventTime + 99)!;
            SymbolSpec spec = SymbolSpecs.For(symbol.Text);
            Assert.Equal(truth.UpdateId, e.LastUpdateId);
            Same(truth.Bids, e.Levels.Bids, spec, symbol, e.LastUpdateId);
            Same(truth.Asks, e.Levels.Asks, spec, symbol, e.LastUpdateId);
        }

        private static void Same(
            BookLevel[] truth, ReadOnlySpan<PriceLevel> levels, SymbolSpec spec, Symbol symbol, long id)
        {
            // Beyond its horizon nothing is known; what is told is the best of what is.
            Assert.InRange(levels.Length, Math.Min(truth.Length, LeastLevels), truth.Length);
            for (int i = 0; i < levels.Length; i++)
            {
                PriceLevel expected =
                    new(Number(truth[i].Price, spec.PriceDecimals), Number(truth[i].Quantity, spec.QuantityDecimals));
                Assert.True(levels[i] == expected, $"{symbol} book {id}: level {i} is {levels[i]} and was {expected}");
            }
        }

        private static double Number(long units, int decimals) => double.Parse(
            $"{units.ToString(CultureInfo.InvariantCulture)}E-{decimals.ToString(CultureInfo.InvariantCulture)}",
            CultureInfo.InvariantCulture);
    }
}
