using Feeds.Commands.Verification;
using Feeds.Core.Market;
using Feeds.Simulator.Ledgers;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>
/// The venue's ledger against the node's journal, as <c>feeds verify</c> holds them against each other.
/// </summary>
internal static class LedgerCheck
{
    private const double ArrivalSeconds = 40;

    /// <summary>
    /// Checks all feeds of a symbol that streams bring. With <paramref name="gaps"/>, declared gaps excuse what lies in
    /// them. Trades that are still under way, as while those of a lost connection are fetched, get
    /// <see cref="ArrivalSeconds"/> of the market to arrive.
    /// </summary>
    public static async Task HoldsAsync(NodeFixture fixture, string symbol, bool gaps = false, string context = "")
    {
        long end = fixture.Now + (long)(ArrivalSeconds * 1000);
        fixture.FlushJournal();
        while (fixture.Now < end
            && Read(fixture, symbol, fixture.JournalFolder).Answers.Any(
                static answer => answer is { Feed: Feed.Trades, UnderWay: > 0 }))
        {
            await fixture.RunAsync(1);
            fixture.FlushJournal();
        }

        Holds(fixture, symbol, fixture.JournalFolder, gaps, context);
    }

    /// <summary>The same of a journal in a folder that no node writes to any more.</summary>
    public static void Holds(NodeFixture fixture, string symbol, string journal, bool gaps, string context = "")
    {
        (StreamAnswer[] answers, JournalFacts facts) = Read(fixture, symbol, journal);
        Assert.All(
            new[] { Feed.Depth, Feed.Mark },
            feed => Assert.Contains(answers, answer => answer.Feed == feed && answer.Journaled > 0));
        foreach (StreamAnswer answer in answers)
        {
            Assert.True(answer.IsComplete && answer.IsExact, $"{context} {answer}");
            Assert.True(gaps || answer.Declared == 0, $"{context} {answer} {Declared(facts, answer)}");
            Assert.True(answer.Feed != Feed.Trades || answer.UnderWay == 0, $"{context} {answer}");
        }
    }

    private static (StreamAnswer[] Answers, JournalFacts Facts) Read(NodeFixture fixture, string symbol, string journal)
    {
        fixture.Venue.Ledger.Flush();
        JournalFacts facts = JournalFacts.Read(journal, null, CancellationToken.None);
        IReadOnlyList<StreamAnswer> answers = LedgerComparison.Compare(LedgerReader.Read(fixture.LedgerPath), facts);
        return ([.. answers.Where(answer => answer.Symbol == symbol)], facts);
    }

    private static string Declared(JournalFacts facts, StreamAnswer answer)
    {
        FeedFacts feed = facts.Symbols[Symbol.Parse(answer.Symbol)][answer.Feed];
        return $"gaps: {string.Join(", ", feed.Gaps)}; breaks: {string.Join(", ", feed.Breaks)}";
    }
}
