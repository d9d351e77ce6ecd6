using Feeds.Commands.Verification;
using Feeds.Core.Market;
using Feeds.Simulator.Ledgers;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>The venue's ledger against the node's journal, as <c>feeds verify</c> holds them against each other.</summary>
internal static class LedgerCheck
{
    /// <summary>Checks all feeds of a symbol that streams bring. With <paramref name="gaps"/>, declared gaps excuse what lies in them.</summary>
    public static void Holds(NodeFixture fixture, string symbol, bool gaps = false, string context = "")
    {
        fixture.FlushJournal();
        Holds(fixture, symbol, fixture.JournalFolder, gaps, context);
    }

    /// <summary>The same of a journal in a folder.</summary>
    public static void Holds(NodeFixture fixture, string symbol, string journal, bool gaps, string context = "")
    {
        fixture.Venue.Ledger.Flush();
        JournalFacts facts = JournalFacts.Read(journal, null, CancellationToken.None);
        IReadOnlyList<StreamAnswer> answers = LedgerComparison.Compare(LedgerReader.Read(fixture.LedgerPath), facts);
        StreamAnswer[] own = [.. answers.Where(answer => answer.Symbol == symbol)];
        Assert.All(new[] { Feed.Depth, Feed.Mark }, feed => Assert.Contains(own, answer => answer.Feed == feed && answer.Journaled > 0));
        foreach (StreamAnswer answer in own)
        {
            Assert.True(answer.IsComplete && answer.IsExact, $"{context} {answer}");
            Assert.True(gaps || answer.Declared == 0, $"{context} {answer} {Declared(facts, answer)}");
            Assert.True(answer.Feed != Feed.Trades || answer.UnderWay == 0, $"{context} {answer}");
        }
    }

    private static string Declared(JournalFacts facts, StreamAnswer answer)
    {
        FeedFacts feed = facts.Symbols[Symbol.Parse(answer.Symbol)][answer.Feed];
        return $"gaps: {string.Join(", ", feed.Gaps)}; breaks: {string.Join(", ", feed.Breaks)}";
    }
}
