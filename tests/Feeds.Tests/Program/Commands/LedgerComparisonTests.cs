using Feeds.Commands.Verification;
using Feeds.Core.Books;
using Feeds.Core.Market;
using Feeds.Simulator.Ledgers;
using Xunit;

namespace Feeds.Tests.Program.Commands;

public sealed class LedgerComparisonTests
{
    private static readonly Symbol Btc = Symbol.Parse("BTCUSDT");

    // Books 1 to 8, a tenth of a second apart; the feed is connected at 1,000.
    [Theory]
    [InlineData("1 2 4:1 5 6 7 8", 1, 0, 0)]
    [InlineData("1 5:3 6 7 8", 3, 0, 0)]
    [InlineData("1 5:2 6 7 8", 2, 1, 0)]
    [InlineData("3 4 5 6 7 8", 0, 0, 0)]
    [InlineData("1 2 3 4 5 6 8", 0, 1, 0)]
    public void What_a_newer_book_replaced_is_conflated_and_not_declared(
        string journal, int conflated, int declared, int lost)
    {
        StreamAnswer answer = Answer(connected: 1_000, journal);
        Assert.Equal((conflated, declared, lost), (answer.Conflated, answer.Declared, answer.Lost));
    }

    [Fact]
    public void What_no_newer_book_replaced_and_no_gap_excuses_is_lost()
    {
        StreamAnswer answer = Answer(connected: -10_000, "1 2 5:1 6 8");
        Assert.Equal((1L, 0L, 2L, 3L), (answer.Conflated, answer.Declared, answer.Lost, answer.FirstLost));
    }

    private static StreamAnswer Answer(long connected, string journal)
    {
        using StringWriter lines = new();
        lines.WriteLine("[\"ledger\",2,0]");
        lines.WriteLine("[\"stream\",0,\"btcusdt@depth20@100ms\"]");
        for (int id = 1; id <= 8; id++)
        {
            lines.WriteLine(FormattableString.Invariant($"[\"g\",0,{id},{1_000 + (id * 100)},1]"));
        }

        string path = Path.GetTempFileName();
        File.WriteAllText(path, lines + "[\"end\",60000]\n");
        JournalFacts facts = new();
        facts.Visit(Btc, 1, MarketEvent.ForFeedConnected(Feed.Depth, connected));
        foreach (string[] book in journal.Split(' ').Select(static book => book.Split(':')))
        {
            long id = long.Parse(book[0], null);
            MarketEvent e = MarketEvent.ForBook(1_000 + (id * 100), 1_001 + (id * 100), id, new BookLevels(5));
            facts.Visit(Btc, id + 1, book.Length > 1 ? e.WithConflated(int.Parse(book[1], null)) : e);
        }

        facts.Visit(Btc, 99, MarketEvent.ForTick(50_000, 50_000));
        StreamAnswer answer = Assert.Single(LedgerComparison.Compare(LedgerReader.Read(path), facts));
        File.Delete(path);
        return answer;
    }
}
